/**
 * Elements and tables. All text goes in as text, never as markup; what is shown again and again
 * reuses its elements, so that a page left open does not grow.
 */

import { printable } from './text.js';

/** Characters of a key that are shown when one points at it. */
const TITLE_LENGTH = 1024;

/** The element a selector names, which index.html has. */
export function find(selector) {
    const found = document.querySelector(selector);
    if (!found) {
        throw new Error(`${selector}: not in the page`);
    }
    return found;
}

/** A new element. */
export function element(tag, className = '', text = '') {
    const made = document.createElement(tag);
    if (className) {
        made.className = className;
    }
    made.textContent = text;
    return made;
}

/** Sets an element's text if it is another one. */
export function setText(target, text) {
    if (target.textContent !== text) {
        target.textContent = text;
    }
}

/**
 * A table in a panel, and the note below it.
 *
 * A column has a `title`, `text` (of a row), and perhaps a `style` (number, word, key), `share` (0
 * to 1, a bar behind the text) and `isChanged` (to stand out). Of a key the text is made printable
 * here, and the whole of it shown when one points at it.
 */
export class Table {
    #panel;
    #columns;
    #rowsMax;
    #body = null;

    constructor(panelId, columns, rowsMax) {
        this.#panel = find(`#${panelId}`);
        this.#columns = columns;
        this.#rowsMax = rowsMax;
    }

    /** Shows these rows, as many as there is room for. */
    show(rows, note = '') {
        const shown = rows.slice(0, this.#rowsMax);
        if (shown.length === 0) {
            this.#panel.querySelector('.rows').replaceChildren();
            this.#body = null;
        } else {
            this.#fill(shown);
        }
        const more = rows.length - shown.length;
        this.note([more > 0 ? `${more} more are not shown.` : '', note].join(' ').trim());
        this.#panel.dataset.rows = String(shown.length);
    }

    /** Shows no rows but why there are none. */
    absent(note) {
        this.show([], note);
    }

    note(text) {
        setText(this.#panel.querySelector('.note'), text);
    }

    #fill(rows) {
        const body = this.#body ?? this.#build();
        while (body.rows.length > rows.length) {
            body.deleteRow(-1);
        }
        rows.forEach((row, index) => {
            const line = body.rows[index] ?? this.#addLine(body);
            this.#columns.forEach((column, cell) => this.#set(line.cells[cell], column, row));
        });
    }

    #build() {
        const table = element('table');
        const head = table.createTHead().insertRow();
        for (const column of this.#columns) {
            const cell = element('th', column.style, column.title);
            cell.scope = 'col';
            head.append(cell);
        }
        this.#body = table.createTBody();
        this.#panel.querySelector('.rows').replaceChildren(table);
        return this.#body;
    }

    #addLine(body) {
        const line = body.insertRow();
        for (const column of this.#columns) {
            line.append(element('td', column.style));
        }
        return line;
    }

    #set(cell, column, row) {
        const text = column.text(row);
        if (column.style === 'key') {
            setText(cell, printable(text));
            cell.title = printable(text, TITLE_LENGTH);
        } else {
            setText(cell, text);
        }
        if (column.share) {
            cell.classList.add('share');
            cell.style.setProperty('--share', column.share(row).toFixed(3));
        }
        if (column.isChanged) {
            cell.classList.toggle('changed', column.isChanged(row));
        }
    }
}
