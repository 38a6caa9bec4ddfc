//! The events table in Parquet, with the columns that [`super::event::Event`] has.
//!
//! Times are `TIMESTAMP(MICROS, UTC)`, which DuckDB, Trino and Spark read alike; victims are lists of strings
//! in the three levels that the format prescribes.

use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::Result;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use super::event::Event;

/// Rows of one row group.
const GROUP: usize = 256 * 1024;

const SCHEMA: &str = "
message event {
    REQUIRED BYTE_ARRAY archive (STRING);
    REQUIRED BYTE_ARRAY content (STRING);
    OPTIONAL BYTE_ARRAY openshift_version (STRING);
    OPTIONAL BYTE_ARRAY openshift_minor (STRING);
    OPTIONAL BYTE_ARRAY kubernetes_version (STRING);
    OPTIONAL INT64 gathered_at (TIMESTAMP(MICROS,true));
    REQUIRED BYTE_ARRAY incident (STRING);
    REQUIRED BYTE_ARRAY cause (STRING);
    REQUIRED BYTE_ARRAY confidence (STRING);
    OPTIONAL BYTE_ARRAY apiservice (STRING);
    OPTIONAL BYTE_ARRAY group_version (STRING);
    REQUIRED BYTE_ARRAY reason (STRING);
    OPTIONAL BYTE_ARRAY owner (STRING);
    OPTIONAL BYTE_ARRAY owner_version (STRING);
    OPTIONAL BYTE_ARRAY backend (STRING);
    OPTIONAL BYTE_ARRAY verb (STRING);
    OPTIONAL BYTE_ARRAY path (STRING);
    OPTIONAL INT32 status;
    OPTIONAL BYTE_ARRAY error (STRING);
    REQUIRED INT64 count;
    REQUIRED INT64 failures;
    REQUIRED INT64 outages;
    OPTIONAL INT64 first_seen (TIMESTAMP(MICROS,true));
    OPTIONAL INT64 last_seen (TIMESTAMP(MICROS,true));
    REQUIRED GROUP victims (LIST) { REPEATED GROUP list { REQUIRED BYTE_ARRAY element (STRING); } }
    REQUIRED GROUP fatal_victims (LIST) { REPEATED GROUP list { REQUIRED BYTE_ARRAY element (STRING); } }
}";

/// The file.
///
/// # Errors
/// Of the library; none is known for this schema.
pub fn table<'a>(events: impl Iterator<Item = Event<'a>>) -> Result<Vec<u8>> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("apiblame ", env!("CARGO_PKG_VERSION")).into())
        .build();
    let schema = Arc::new(parse_message_type(SCHEMA)?);
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    let mut events = events.peekable();
    while events.peek().is_some() {
        let rows: Vec<Event<'_>> = events.by_ref().take(GROUP).collect();
        let mut group = file.next_row_group()?;
        write(&mut group, &rows)?;
        group.close()?;
    }
    file.into_inner()
}

type Group<'g> = SerializedRowGroupWriter<'g, Vec<u8>>;

/// The columns, in the order of the schema.
fn write(group: &mut Group<'_>, rows: &[Event<'_>]) -> Result<()> {
    strings(group, rows.iter().map(|row| Some(row.archive)))?;
    strings(group, rows.iter().map(|row| Some(row.content.as_str())))?;
    some_strings(group, rows.iter().map(|row| row.openshift_version))?;
    some_strings(group, rows.iter().map(|row| row.openshift_minor.as_deref()))?;
    some_strings(group, rows.iter().map(|row| row.kubernetes_version))?;
    times(group, rows.iter().map(|row| row.gathered_at))?;
    strings(group, rows.iter().map(|row| Some(row.incident)))?;
    strings(group, rows.iter().map(|row| Some(row.cause)))?;
    strings(group, rows.iter().map(|row| Some(row.confidence)))?;
    some_strings(group, rows.iter().map(|row| row.apiservice))?;
    some_strings(group, rows.iter().map(|row| row.group_version))?;
    strings(group, rows.iter().map(|row| Some(row.reason.as_str())))?;
    some_strings(group, rows.iter().map(|row| row.owner))?;
    some_strings(group, rows.iter().map(|row| row.owner_version))?;
    some_strings(group, rows.iter().map(|row| row.backend))?;
    some_strings(group, rows.iter().map(|row| row.verb))?;
    some_strings(group, rows.iter().map(|row| row.path.as_deref()))?;
    statuses(group, rows.iter().map(|row| row.status))?;
    some_strings(group, rows.iter().map(|row| row.error))?;
    numbers(group, rows.iter().map(|row| row.count))?;
    numbers(group, rows.iter().map(|row| row.failures))?;
    numbers(group, rows.iter().map(|row| row.outages))?;
    times(group, rows.iter().map(|row| row.first_seen))?;
    times(group, rows.iter().map(|row| row.last_seen))?;
    lists(group, rows.iter().map(|row| row.victims.as_slice()))?;
    lists(group, rows.iter().map(|row| row.fatal_victims.as_slice()))
}

fn column<T: parquet::data_type::DataType>(
    group: &mut Group<'_>,
    values: &[T::T],
    defined: Option<&[i16]>,
    repeated: Option<&[i16]>,
) -> Result<()> {
    let missing = || parquet::errors::ParquetError::General("the schema has fewer columns".into());
    let mut column = group.next_column()?.ok_or_else(missing)?;
    column.typed::<T>().write_batch(values, defined, repeated)?;
    column.close()
}

/// What is there, and where.
fn defined<V, T>(values: impl Iterator<Item = Option<V>>, map: impl Fn(V) -> T) -> (Vec<T>, Vec<i16>) {
    let (mut there, mut levels) = (Vec::new(), Vec::new());
    for value in values {
        levels.push(i16::from(value.is_some()));
        there.extend(value.map(&map));
    }
    (there, levels)
}

fn strings<'a>(group: &mut Group<'_>, values: impl Iterator<Item = Option<&'a str>>) -> Result<()> {
    let (values, _) = defined(values, ByteArray::from);
    column::<ByteArrayType>(group, &values, None, None)
}

fn some_strings<'a>(group: &mut Group<'_>, values: impl Iterator<Item = Option<&'a str>>) -> Result<()> {
    let (values, levels) = defined(values, ByteArray::from);
    column::<ByteArrayType>(group, &values, Some(&levels), None)
}

fn times(group: &mut Group<'_>, values: impl Iterator<Item = Option<i64>>) -> Result<()> {
    let (values, levels) = defined(values, |nanos| nanos.div_euclid(1000));
    column::<Int64Type>(group, &values, Some(&levels), None)
}

fn statuses(group: &mut Group<'_>, values: impl Iterator<Item = Option<u16>>) -> Result<()> {
    let (values, levels) = defined(values, i32::from);
    column::<Int32Type>(group, &values, Some(&levels), None)
}

fn numbers(group: &mut Group<'_>, values: impl Iterator<Item = u64>) -> Result<()> {
    let values: Vec<i64> = values.map(|value| i64::try_from(value).unwrap_or(i64::MAX)).collect();
    column::<Int64Type>(group, &values, None, None)
}

/// Definition 1 and repetition 0 begin a list, repetition 1 goes on with it; definition 0 is an empty one.
fn lists<'a>(group: &mut Group<'_>, values: impl Iterator<Item = &'a [&'a str]>) -> Result<()> {
    let (mut there, mut defined, mut repeated) = (Vec::new(), Vec::new(), Vec::new());
    for list in values {
        if list.is_empty() {
            defined.push(0);
            repeated.push(0);
        }
        for (at, value) in list.iter().enumerate() {
            defined.push(1);
            repeated.push(i16::from(at > 0));
            there.push(ByteArray::from(*value));
        }
    }
    column::<ByteArrayType>(group, &there, Some(&defined), Some(&repeated))
}
