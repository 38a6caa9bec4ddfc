'use strict';
(() => {
  const form = document.getElementById('filters');
  if (!form) return;
  const cause = document.getElementById('cause');
  const text = document.getElementById('text');
  const shown = document.getElementById('shown');
  const unfold = document.getElementById('unfold');
  const cards = [...document.querySelectorAll('article')];
  const words = new Map(cards.map((card) => [card, card.textContent.toLowerCase()]));
  const others = [...document.querySelectorAll('tr[data-incident], .row[data-incident]')];
  const apply = () => {
    const wanted = text.value.trim().toLowerCase();
    const visible = new Set();
    for (const card of cards) {
      const fits = (!cause.value || card.dataset.cause === cause.value) && words.get(card).includes(wanted);
      card.hidden = !fits;
      if (fits) visible.add(card.dataset.incident);
    }
    for (const other of others) other.hidden = !visible.has(other.dataset.incident);
    shown.textContent = `${visible.size} of ${cards.length} incidents`;
  };
  const fold = (open) => document.querySelectorAll('details').forEach((one) => { one.open = open; });
  let open = false;
  unfold.addEventListener('click', () => {
    open = !open;
    fold(open);
    unfold.textContent = open ? 'Fold all' : 'Unfold all';
  });
  cause.addEventListener('change', apply);
  text.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  addEventListener('beforeprint', () => fold(true));
  form.hidden = false;
  apply();
})();
