/** Numbers and keys as people read them. Pure functions. */

const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const COUNTS = ['', 'k', 'M', 'G', 'T'];

/** What has no value. */
export const NONE = '–';

function scaled(value, base, units, separator) {
    if (!Number.isFinite(value)) {
        return NONE;
    }
    let size = Math.abs(value);
    let unit = 0;
    while (size >= base && unit < units.length - 1) {
        size /= base;
        unit++;
    }
    const digits = unit === 0 || size >= 100 ? 0 : size >= 10 ? 1 : 2;
    const number = (value < 0 ? -size : size).toFixed(digits);
    return (digits > 0 ? String(Number(number)) : number) + separator + units[unit];
}

/** Bytes: 512 B, 1.25 MiB. */
export function bytes(value) {
    return scaled(value, 1024, BYTES, ' ');
}

/** A count: 812, 3.41k. */
export function count(value) {
    return scaled(value, 1000, COUNTS, '');
}

/** How often in a second; small ones with a digit more. */
export function rate(value) {
    return Math.abs(value) < 10 && value !== 0 ? value.toFixed(1) : count(value);
}

/** A share of one: 97.3 %. */
export function percent(value) {
    return Number.isFinite(value) ? `${(value * 100).toFixed(1)} %` : NONE;
}

/** A time given in nanoseconds: 850 ns, 12.1 µs, 3 s. */
export function nanos(value) {
    return scaled(value, 1000, ['ns', 'µs', 'ms', 's'], ' ');
}

/** A time given in seconds, roughly: 42 s, 3 h 12 min, 4 d 2 h. */
export function duration(seconds) {
    if (!Number.isFinite(seconds)) {
        return NONE;
    }
    const units = [['d', 86400], ['h', 3600], ['min', 60], ['s', 1]];
    const first = units.findIndex(([, length]) => seconds >= length);
    if (first < 0) {
        return '0 s';
    }
    const [unit, length] = units[first];
    const whole = Math.floor(seconds / length);
    const next = units[first + 1];
    const rest = next ? Math.floor((seconds % length) / next[1]) : 0;
    return rest > 0 ? `${whole} ${unit} ${rest} ${next[0]}` : `${whole} ${unit}`;
}

/** The time of day of an instant, as the reader's clock has it. */
export function timeOfDay(instant) {
    const time = new Date(instant);
    return Number.isNaN(time.getTime()) ? NONE : time.toLocaleTimeString([], { hourCycle: 'h23' });
}

/**
 * A key so that it can be read, whatever it holds: what is invisible, or changes how its neighbours
 * are shown (control characters, marks of direction, line ends), as an escape; long ones cut.
 */
export function printable(text, lengthMax = 80) {
    const characters = [];
    let length = 0;
    for (const character of String(text)) {
        if (length === lengthMax) {
            return `${characters.join('')}…`;
        }
        characters.push(escaped(character));
        length++;
    }
    return characters.join('');
}

function escaped(character) {
    if (!/[\p{C}\p{Zl}\p{Zp}]/u.test(character)) {
        return character;
    }
    const code = character.codePointAt(0).toString(16).toUpperCase();
    return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u{${code}}`;
}
