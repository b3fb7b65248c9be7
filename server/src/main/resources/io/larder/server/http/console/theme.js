/** The page's colours: as the system has them, or what the reader has chosen. */

import { find } from './dom.js';

const CHOICES = [['', 'Auto'], ['dark', 'Dark'], ['light', 'Light']];
const STORED = 'larder.theme';

const listeners = [];

/** Has a function called when colours have changed. */
export function onThemeChange(listener) {
    listeners.push(listener);
}

/** What a colour of the style sheet is at present, as a canvas takes it. */
export function color(name) {
    const probe = document.documentElement;
    const before = probe.style.caretColor;
    probe.style.caretColor = `var(--${name})`;
    const value = getComputedStyle(probe).caretColor;
    probe.style.caretColor = before;
    return value;
}

/** Shows the choice made before, and has the button change it. */
export function beginTheme() {
    const button = find('#theme');
    let choice = Math.max(0, CHOICES.findIndex(([value]) => value === stored()));
    const show = () => {
        const [value, label] = CHOICES[choice];
        button.textContent = label;
        if (value) {
            document.documentElement.dataset.theme = value;
        } else {
            delete document.documentElement.dataset.theme;
        }
        listeners.forEach((listener) => listener());
    };
    button.addEventListener('click', () => {
        choice = (choice + 1) % CHOICES.length;
        store(CHOICES[choice][0]);
        show();
    });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
    show();
}

/** A browser may refuse to store anything; the choice then lasts as long as the page. */
function stored() {
    try {
        return localStorage.getItem(STORED) ?? '';
    } catch {
        return '';
    }
}

function store(value) {
    try {
        localStorage.setItem(STORED, value);
    } catch {
        // as above
    }
}
