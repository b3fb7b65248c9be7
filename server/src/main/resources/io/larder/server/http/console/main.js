/** The console: puts the panels together and has them fed. */

import { CurvePanel } from './curve.js';
import { find, setText } from './dom.js';
import { EventsPanel } from './events.js';
import { Feed } from './feed.js';
import { ShardsPanel } from './shards.js';
import { beginTables } from './tables.js';
import { duration } from './text.js';
import { beginTheme } from './theme.js';
import { TrafficPanels } from './traffic.js';

function showPhase(text, look) {
    const phase = find('#phase');
    setText(phase, text);
    phase.className = `pill ${look}`;
}

/** What the server says of itself. */
async function showServer(feed, ask) {
    const server = await ask('/api/server');
    feed.pages = server.pages;
    const ready = await ask('/ready');
    const isMoving = ready.phase === 'starting' || ready.phase === 'warming';
    const progress = isMoving ? ` ${Math.floor(ready.progress * 100)} %` : '';
    showPhase(`${ready.phase}${progress}`, ready.ready ? 'good' : '');
    find('#phase').title = ready.reason;
    setText(find('#version'), `${server.version}, up ${duration(server.uptime_seconds)}`);
}

function begin() {
    document.title = `Larder ${location.host}`;
    beginTheme();
    const feed = new Feed((isAnswered) => {
        document.body.dataset.answered = String(isAnswered);
        if (!isAnswered) {
            showPhase('no answer', 'bad');
        }
    });
    feed.every(2, (ask) => showServer(feed, ask));
    new TrafficPanels(feed);
    new CurvePanel(feed);
    new ShardsPanel(feed);
    beginTables(feed);
    const events = new EventsPanel(feed);
    const pause = find('#pause');
    let isPaused = false;
    pause.addEventListener('click', () => {
        isPaused = !isPaused;
        setText(pause, isPaused ? 'Go on' : 'Pause');
        feed.pause(isPaused);
        events.update();
    });
    feed.start();
}

begin();
