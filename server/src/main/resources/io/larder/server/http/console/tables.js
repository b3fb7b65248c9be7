/** The panels that are a table: keys, prefixes, tiers, regions, clients, slow requests, settings. */

import { find, Table } from './dom.js';
import { bytes, count, duration, nanos, NONE, percent, timeOfDay } from './text.js';

/** Connections above which the list is too long to ask for every few seconds. */
const CLIENTS_MAX = 2000;

/** Bytes of a key that slow requests and events have at most. */
const KEY_BYTES_KEPT = 256;

/** Shows what a path gives, every so many seconds. */
function list(feed, seconds, path, table, rows, empty, absent) {
    feed.every(
        seconds,
        async (ask) => {
            const found = rows(await ask(path));
            table.show(found, found.length ? '' : empty);
        },
        () => table.absent(absent),
    );
}

/** Begins to fill them. */
export function beginTables(feed) {
    hotKeys(feed);
    prefixes(feed);
    tiers(feed);
    regions(feed);
    clients(feed);
    slowRequests(feed);
    settings(feed);
}

function hotKeys(feed) {
    let most = 1;
    const table = new Table('hotkeys', [
        { title: 'key', style: 'key', text: (row) => row.key },
        { title: 'region', style: 'word', text: (row) => row.region ?? '' },
        {
            title: 'reads of late',
            style: 'number',
            text: (row) => count(row.reads),
            share: (row) => row.reads / most,
        },
    ], 20);
    const rows = (answer) => {
        const found = Array.isArray(answer) ? answer : answer.hotkeys;
        most = Math.max(1, ...found.map((row) => row.reads));
        return found;
    };
    list(feed, 2, '/api/hotkeys', table, rows, 'No key is read often.', 'This server counts none.');
}

function prefixes(feed) {
    let most = 1;
    const table = new Table('prefixes', [
        { title: 'prefix', style: 'key', text: (row) => row.prefix || NONE },
        {
            title: 'bytes',
            style: 'number',
            text: (row) => bytes(row.bytes),
            share: (row) => Math.max(0, row.bytes) / most,
        },
        { title: 'hit ratio', style: 'number', text: (row) => ratio(row) },
        { title: 'reads', style: 'number', text: (row) => count(row.hits + row.misses) },
        { title: 'evicted', style: 'number', text: (row) => count(row.evictions) },
        { title: 'expired', style: 'number', text: (row) => count(row.expiries) },
    ], 20);
    const rows = (found) => {
        most = Math.max(1, ...found.map((row) => row.bytes));
        return found;
    };
    list(
        feed, 3, '/api/prefixes', table, rows,
        'No prefix has been seen yet.', 'This server counts none.');
}

function ratio(row) {
    return percent(row.hits / (row.hits + row.misses));
}

/** Memory, and the disk behind it if there is one. */
function tiers(feed) {
    const table = new Table('tiers', [
        { title: 'tier', style: 'word', text: (row) => row.name },
        { title: 'items', style: 'number', text: (row) => count(row.items) },
        { title: 'bytes', style: 'number', text: (row) => bytes(row.bytes) },
        { title: 'limit', style: 'number', text: (row) => bytes(row.limit) },
        { title: 'hits', style: 'number', text: (row) => count(row.hits) },
        { title: 'misses', style: 'number', text: (row) => count(row.misses) },
        { title: 'reads p50', style: 'number', text: (row) => nanos(row.p50) },
        { title: 'reads p99', style: 'number', text: (row) => nanos(row.p99) },
    ], 2);
    feed.every(2, async (ask) => {
        const stats = await ask('/api/stats');
        const memory = {
            name: 'memory',
            items: stats.items,
            bytes: stats.memory_limit_bytes - stats.bytes_free,
            limit: stats.memory_limit_bytes,
            hits: stats.hits,
            misses: stats.misses,
        };
        if (stats.tier_limit_bytes === undefined) {
            table.show([memory], 'No disk behind it: tier.rocksdb.path is not set.');
        } else {
            table.show([memory, disk(stats)], diskState(stats));
        }
    });
}

function disk(stats) {
    return {
        name: stats.tier_state === 1 ? 'disk' : 'disk, off',
        items: stats.tier_items,
        bytes: stats.tier_bytes,
        limit: stats.tier_limit_bytes,
        hits: stats.tier_hits,
        misses: stats.tier_misses,
        p50: stats.tier_read_micros_p50 * 1000,
        p99: stats.tier_read_micros_p99 * 1000,
    };
}

function diskState(stats) {
    return `${count(stats.tier_victims)} evicted items offered to the disk, `
        + `${count(stats.tier_victims_dropped)} dropped for want of room, `
        + `${count(stats.tier_taken_back)} taken back into memory; `
        + `switched off ${count(stats.tier_times_off)} times.`;
}

function regions(feed) {
    let most = 1;
    const table = new Table('regions', [
        { title: 'region', style: 'word', text: (row) => row.region },
        { title: 'items', style: 'number', text: (row) => count(row.items) },
        {
            title: 'bytes',
            style: 'number',
            text: (row) => bytes(row.bytes),
            share: (row) => row.bytes / most,
        },
        { title: 'quota', style: 'number', text: (row) => (row.quota_bytes ? bytes(row.quota_bytes) : NONE) },
        { title: 'hit ratio', style: 'number', text: ratio },
        { title: 'writes', style: 'number', text: (row) => count(row.writes) },
        { title: 'evicted', style: 'number', text: (row) => count(row.evictions) },
    ], 50);
    const rows = (answer) => {
        const found = [...answer.regions].sort((left, right) => right.bytes - left.bytes);
        most = Math.max(1, found[0]?.bytes ?? 1);
        return found;
    };
    list(feed, 3, '/api/regions', table, rows, 'No regions.', '');
}

function clients(feed) {
    const table = new Table('clients', [
        { title: 'name', style: 'key', text: (row) => row.name || NONE },
        { title: 'user', style: 'key', text: (row) => row.user || NONE },
        { title: 'address', style: 'word', text: (row) => row.address },
        { title: 'listener', style: 'word', text: (row) => row.listener },
        { title: 'open for', style: 'number', text: (row) => duration(row.age_seconds ?? NaN) },
        { title: 'idle', style: 'number', text: (row) => nanos((row.idle_millis ?? NaN) * 1e6) },
        { title: 'requests', style: 'number', text: (row) => count(row.requests ?? NaN) },
        { title: 'in', style: 'number', text: (row) => bytes(row.bytes_in ?? NaN) },
        { title: 'out', style: 'number', text: (row) => bytes(row.bytes_out ?? NaN) },
    ], 50);
    feed.every(3, async (ask) => {
        const { connections } = await ask('/api/stats');
        if (connections > CLIENTS_MAX) {
            table.absent(`${count(connections)} connections; /api/clients lists them.`);
            return;
        }
        const { clients: all } = await ask('/api/clients');
        const found = all.filter((row) => row.listener !== 'http');
        found.sort((left, right) => (right.requests ?? -1) - (left.requests ?? -1));
        table.show(found, `${all.length - found.length} connections look at HTTP.`);
    });
}

function slowRequests(feed) {
    const table = new Table('slow', [
        { title: 'time', style: 'word', text: (row) => timeOfDay(row.time) },
        { title: 'took', style: 'number', text: (row) => nanos(row.micros * 1000) },
        { title: 'command', style: 'word', text: (row) => row.command },
        { title: 'key', style: 'key', text: (row) => keyText(row) },
        { title: 'region', style: 'word', text: (row) => row.region },
        { title: 'client', style: 'key', text: (row) => row.client || NONE },
        { title: 'address', style: 'word', text: (row) => row.address },
        { title: 'in its batch', style: 'number', text: (row) => count(row.requests) },
    ], 32);
    list(
        feed, 3, '/api/slowlog', table, (answer) => answer.slow,
        'No request has taken longer than slow-log.threshold.', '');
}

/** A key, and how long it is where only its beginning was kept. */
export function keyText(row) {
    return row.key_bytes > KEY_BYTES_KEPT ? `${row.key} (${row.key_bytes} bytes)` : row.key;
}

/** Names that hold what was typed; those that were set stand out. */
function settings(feed) {
    const table = new Table('settings', [
        { title: 'setting', style: 'word', text: (row) => row.name, isChanged: isSet },
        { title: 'value', style: 'key', text: (row) => row.value || NONE },
        { title: 'default', style: 'key', text: (row) => row.default || NONE },
        { title: 'unit', style: 'word', text: (row) => row.unit },
        { title: 'changes', style: 'word', text: (row) => (row.restart ? 'at a restart' : 'at once') },
        { title: 'from', style: 'key', text: (row) => row.origin },
    ], 400);
    const input = find('#settings input');
    let all = [];
    const show = () => {
        const part = input.value.trim().toLowerCase();
        const found = all.filter((row) => row.name.includes(part));
        table.show(found, found.length ? '' : 'No setting has that in its name.');
    };
    input.addEventListener('input', show);
    feed.every(10, async (ask) => {
        all = (await ask('/api/config')).settings;
        show();
    });
}

function isSet(row) {
    return row.value !== row.default;
}
