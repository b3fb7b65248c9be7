/**
 * Looks at a console as a person would, in a headless browser, and tells what it found: a line
 * `found name=value` each on standard output, everything else on standard error.
 *
 *     node look.mjs CHROMIUM URL HOT_KEY SECONDS DIRECTORY
 */

import { chromium } from 'playwright-core';

const [executablePath, url, hotKey, secondsText, directory] = process.argv.slice(2);
const millis = Number(secondsText) * 1000;

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const CHARTS = ['ratio', 'operations', 'latency', 'memory'];
const TIMEOUT_MILLIS = 30_000;

/** Milliseconds in which the server has to notice that a page has gone. */
const LEAVE_MILLIS = 10_000;

/** Nodes of the page, cast off ones that something still holds included, and its heap. */
const NODES_MAX = 20_000;
const HEAP_GROWTH_MIB_MAX = 4;

let errors = 0;
let elsewhere = 0;

function found(name, value) {
    process.stdout.write(`found ${name}=${value}\n`);
}

function say(text) {
    process.stderr.write(`console: ${text}\n`);
}

function watch(page) {
    page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') {
            errors++;
            say(`the page says: ${message.text()}`);
        }
    });
    page.on('pageerror', (error) => {
        errors++;
        say(`the page fails: ${error.stack}`);
    });
    page.on('request', (request) => {
        if (!request.url().startsWith(url)) {
            elsewhere++;
            say(`the page asks for ${request.url()}`);
        }
    });
}

/** Opens the console in a window of its own. */
async function open(browser, viewport, colorScheme) {
    const context = await browser.newContext({ viewport, colorScheme, deviceScaleFactor: 1.5 });
    const page = await context.newPage();
    watch(page);
    await page.goto(url);
    await page.waitForFunction(
        () => Number(document.body.dataset.points) >= 3, null, { timeout: TIMEOUT_MILLIS });
    return page;
}

/** What the charts look like, as a string each. */
function pictures(page) {
    return page.evaluate(
        (charts) => charts.map((id) => document.querySelector(`#${id} canvas`).toDataURL()), CHARTS);
}

function points(page) {
    return page.evaluate(() => Number(document.body.dataset.points));
}

/** What the page holds, after the browser has thrown away what it could. */
async function holdings(page) {
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    await session.send('Performance.enable');
    const { metrics } = await session.send('Performance.getMetrics');
    await session.detach();
    const value = (name) => metrics.find((metric) => metric.name === name).value;
    return {
        nodes: value('Nodes'),
        listeners: value('JSEventListeners'),
        heapMib: value('JSHeapUsedSize') / 2 ** 20,
    };
}

/** Whether charts change while one looks, and the page does not grow. */
async function look(page) {
    await page.waitForTimeout(millis / 2);
    const before = { pictures: await pictures(page), points: await points(page) };
    const heldBefore = await holdings(page);
    await page.waitForTimeout(millis / 2);
    const after = { pictures: await pictures(page), points: await points(page) };
    const heldAfter = await holdings(page);
    const moved = CHARTS.filter((id, index) => before.pictures[index] !== after.pictures[index]);
    found('charts_moved', after.points > before.points ? moved.length : 0);
    const growthMib = heldAfter.heapMib - heldBefore.heapMib;
    const steady = growthMib < HEAP_GROWTH_MIB_MAX && heldAfter.nodes < NODES_MAX;
    found('page', steady ? 'steady' : 'grows');
    found('nodes', heldAfter.nodes);
    found('listeners_added', heldAfter.listeners - heldBefore.listeners);
    found('heap_mib', heldAfter.heapMib.toFixed(1));
    found('heap_growth_mib', growthMib.toFixed(2));
}

/** Whether a day's worth of samples leaves as many points as a chart may have. */
async function fillSeries(page) {
    found('series_points', await page.evaluate(async () => {
        const { History } = await import('/console/history.js');
        const history = new History(1, 300, ['value']);
        for (let second = 0; second < 86_400; second++) {
            history.offer({ seconds: second }, () => ({ value: second }));
        }
        return history.columns[0].length;
    }));
}

/** The curve has its points, and something of its colour on its canvas. */
async function lookAtCurve(page) {
    await page.waitForFunction(
        () => Number(document.querySelector('#curve').dataset.points) > 0,
        null, { timeout: TIMEOUT_MILLIS }).catch(() => say('no curve'));
    found('curve_points', await page.evaluate(() => {
        const panel = document.querySelector('#curve');
        const canvas = panel.querySelector('canvas');
        if (!canvas) {
            return 0;
        }
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const isDrawn = data.some((value, index) => index % 4 === 3 && value > 0);
        return isDrawn ? Number(panel.dataset.points) : 0;
    }));
}

async function lookAtKeys(page) {
    const first = await page.locator('#hotkeys tbody tr:first-child td.key').textContent();
    found('hot_key', first === hotKey ? 'first' : 'other');
    if (first !== hotKey) {
        say(`the first hot key: ${first} (expected: ${hotKey})`);
    }
    found('markup', await page.evaluate(() => {
        const strange = document.querySelectorAll('td *, body script, body style').length;
        return strange + (document.title.startsWith('Larder') ? 0 : 1);
    }));
}

/** Full pages, and the first screen of the phone. */
async function takePictures(browser, page) {
    await page.screenshot({ path: `${directory}/light.png`, fullPage: true });
    const dark = await open(browser, DESKTOP, 'dark');
    await dark.waitForTimeout(millis / 3);
    await dark.screenshot({ path: `${directory}/dark.png`, fullPage: true });
    await dark.context().close();
    for (const scheme of ['light', 'dark']) {
        const phone = await open(browser, PHONE, scheme);
        await phone.waitForTimeout(millis / 3);
        await phone.screenshot({ path: `${directory}/phone-${scheme}.png`, fullPage: true });
        if (scheme === 'light') {
            const width = await phone.evaluate(() => document.documentElement.scrollWidth);
            found('phone', width <= PHONE.width ? 'fits' : `${width}-pixels`);
        }
        await phone.context().close();
    }
}

/** Connections of pages that are closed by now; this question has one itself. */
async function connectionsLeft() {
    const end = Date.now() + LEAVE_MILLIS;
    let left = Infinity;
    while (left > 0 && Date.now() < end) {
        const { clients } = await (await fetch(`${url}api/clients`)).json();
        left = clients.filter((client) => client.listener === 'http').length - 1;
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return left;
}

const isRoot = process.getuid?.() === 0;
const browser = await chromium.launch({
    executablePath,
    args: isRoot ? ['--no-sandbox'] : [],
});
try {
    say(`looking at ${url} with Chromium ${browser.version()}`);
    const page = await open(browser, DESKTOP, 'light');
    await look(page);
    await lookAtCurve(page);
    await lookAtKeys(page);
    await fillSeries(page);
    await takePictures(browser, page);
    await page.context().close();
    found('console_errors', errors);
    found('requests_elsewhere', elsewhere);
    found('connections_left', await connectionsLeft());
} finally {
    await browser.close();
}
