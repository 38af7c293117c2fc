/* A list in which rows are chosen: check boxes for many, a button that opens one. Text from data is bound as text.

   What is chosen is counted in stamps: an answer to an older click than the last one is no news. The rows are made
   anew only when they are others, so that no click lands on a row that is just being replaced. */
function add(parent, tag, className, text) {
  const made = document.createElement(tag);
  if (className) { made.className = className; }
  if (text !== undefined && text !== null) { made.textContent = String(text); }
  parent.appendChild(made);
  return made;
}

function clear(part) { while (part.firstChild) { part.removeChild(part.firstChild); } }

class Choices {
  constructor(root) {
    this.root = root;
    this.stamp = 0;
    this.picked = new Set();
    this.boxes = new Map();
    this.lines = new Map();
  }

  show(data, send) {
    this.send = send;
    this.data = data;
    if (data.stamp >= this.stamp) {
      this.stamp = data.stamp;
      this.picked = new Set(data.picked);
    }
    const shape = JSON.stringify([data.columns, data.rows, data.many, data.opens, data.height, data.label]);
    if (shape !== this.shape) {
      this.shape = shape;
      this.build();
    }
    this.follow();
  }

  build() {
    const { root, data } = this, held = document.activeElement && root.contains(document.activeElement)
      ? document.activeElement.getAttribute('data-at') : null;
    const scrolled = root.firstChild ? root.firstChild.scrollTop : 0;
    clear(root);
    this.boxes.clear();
    this.lines.clear();
    const box = add(root, 'div', 'jj-table-box'), table = add(box, 'table', 'jj-table jj-choices' + (data.tree ? ' jj-tree' : ''));
    if (data.height) { box.style.maxHeight = data.height + 'px'; }
    table.setAttribute('aria-label', data.label);
    this.head(add(add(table, 'thead'), 'tr'));
    const body = add(table, 'tbody');
    data.rows.forEach((row) => {
      const line = add(body, 'tr');
      this.lines.set(row.id, line);
      this.line(line, row);
    });
    box.scrollTop = scrolled;
    const again = held && root.querySelector('[data-at="' + held + '"]');
    if (again) { again.focus({ preventScroll: true }); }
  }

  head(line) {
    const { data } = this;
    if (data.many) {
      const cell = add(line, 'th', 'jj-tick');
      this.all = this.tick(cell, 'all', '全选', () => {
        const isAll = data.rows.every((row) => this.picked.has(row.id));
        data.rows.forEach((row) => { if (isAll) { this.picked.delete(row.id); } else { this.picked.add(row.id); } });
        this.tell();
      });
    }
    data.columns.forEach((column) => add(line, 'th', column.number ? 'jj-number' : '', column.name));
  }

  tick(cell, at, words, change) {
    const label = add(cell, 'label', 'jj-tick-room'), box = add(label, 'input');
    box.type = 'checkbox';
    box.setAttribute('aria-label', words);
    box.setAttribute('data-at', at);
    box.onchange = change;
    return box;
  }

  line(part, row) {
    const { data } = this;
    if (data.many) {
      const cell = add(part, 'td', 'jj-tick');
      this.boxes.set(row.id, this.tick(cell, 'tick' + row.id, '选择 ' + row.cells[0], () => {
        if (this.picked.has(row.id)) { this.picked.delete(row.id); } else { this.picked.add(row.id); }
        this.tell();
      }));
    }
    data.columns.forEach((column, k) => {
      const cell = add(part, 'td', column.number ? 'jj-number' : column.wide ? 'jj-wide' : 'jj-short');
      cell.setAttribute('data-label', column.name);
      const words = row.cells[k];
      if (k === 0 && row.depth) { cell.style.paddingLeft = (0.6 + 1.15 * row.depth) + 'rem'; }
      if (k === 0 && data.opens) {
        const button = add(cell, 'button', 'jj-open', words);
        button.type = 'button';
        button.setAttribute('data-at', 'open' + row.id);
        button.onclick = () => this.send('open', row.id);
      } else if (column.tag) {
        if (words) { add(cell, 'span', 'jj-tag' + (row.tones && row.tones[k] ? ' jj-' + row.tones[k] : ''), words); }
      } else if (words !== null && words !== '') { add(cell, 'span', '', words); }
    });
  }

  /* A long list scrolls in itself: what has just become the current row is brought into sight there. */
  reveal() {
    const line = this.lines.get(this.data.current), box = this.root.firstChild;
    if (!this.data.height || !line || !box || this.revealed === this.data.current) { return; }
    this.revealed = this.data.current;
    const at = line.getBoundingClientRect(), room = box.getBoundingClientRect();
    if (at.top < room.top || at.bottom > room.bottom) { box.scrollTop += at.top - room.top - box.clientHeight / 3; }
  }

  tell() {
    this.stamp += 1;
    this.follow();
    this.send('pick', { ids: [...this.picked], stamp: this.stamp, shown: this.data.rows.map((row) => row.id) });
  }

  follow() {
    const shown = this.data.rows.filter((row) => this.picked.has(row.id)).length;
    this.lines.forEach((line, id) => line.classList.toggle('jj-current', id === this.data.current));
    this.reveal();
    this.boxes.forEach((box, id) => {
      box.checked = this.picked.has(id);
      box.closest('tr').classList.toggle('jj-picked', box.checked);
    });
    if (this.all) {
      this.all.checked = shown > 0 && shown === this.data.rows.length;
      this.all.indeterminate = shown > 0 && shown < this.data.rows.length;
    }
    this.root.setAttribute('data-picked', String(shown));
  }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector('.jj-choices-root');
  if (!root.jiujinChoices) { root.jiujinChoices = new Choices(root); }
  root.jiujinChoices.show(data, (name, value) => setTriggerValue(name, value));
}
