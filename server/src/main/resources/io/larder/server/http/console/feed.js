/**
 * Asks the server for what the panels show: one request at a time, so that a page takes one
 * connection, and none while nobody looks at it.
 */

const ROUND_MILLIS = 1000;
const TIMEOUT_MILLIS = 10_000;
const ABSENT_SECONDS = 60;

/** The server has no such page, or none for this user. */
class AbsentError extends Error {}

/** The server does not answer, or not as it should. */
class NoAnswerError extends Error {}

export class Feed {
    #jobs = [];
    #onState;
    #pages = null;
    #answers = new Map(); // of this round, by path
    #paused = false;
    #running = false;
    #timer = 0;

    /** `onState` is told true when the server has answered, false when it has not. */
    constructor(onState) {
        this.#onState = onState;
        document.addEventListener('visibilitychange', () => this.#wake());
    }

    /** Whether somebody looks and wants to see changes. */
    get isLive() {
        return !this.#paused && document.visibilityState === 'visible';
    }

    /** The paths the server has; others are not asked for. Null if that is not known. */
    set pages(paths) {
        this.#pages = paths;
    }

    /**
     * Does something every so many seconds: `work` is given a function that asks for a path and
     * returns the JSON; `absent` is called if the server has no such page.
     */
    every(seconds, work, absent = () => {}) {
        this.#jobs.push({ seconds, work, absent, due: 0 });
    }

    /** Stops or goes on asking. */
    pause(paused) {
        this.#paused = paused;
        this.#wake();
    }

    /** Begins. */
    start() {
        this.#wake();
    }

    #wake() {
        if (!this.#running && this.isLive) {
            clearTimeout(this.#timer);
            void this.#round();
        }
    }

    async #round() {
        this.#running = true;
        this.#answers.clear();
        const begin = performance.now();
        for (const job of this.#jobs) {
            if (job.due <= begin && this.isLive && !(await this.#run(job, begin))) {
                break; // the others would fare no better
            }
        }
        this.#running = false;
        if (this.isLive) {
            const rest = ROUND_MILLIS - (performance.now() - begin);
            this.#timer = setTimeout(() => this.#wake(), Math.max(100, rest));
        }
    }

    /** Returns whether the server answered. */
    async #run(job, begin) {
        let seconds = job.seconds;
        try {
            await job.work((path) => this.#ask(path));
            this.#onState(true);
        } catch (error) {
            if (error instanceof NoAnswerError) {
                this.#onState(false);
                return false;
            }
            if (error instanceof AbsentError) {
                seconds = ABSENT_SECONDS;
                job.absent();
            } else {
                reportError(error); // a defect of this page: to be seen, and no reason to stop
            }
        }
        job.due = begin + seconds * 1000 - ROUND_MILLIS / 2;
        return true;
    }

    /** What a path gives: asked for once a round, however many panels show it. */
    async #ask(path) {
        if (!this.#answers.has(path)) {
            this.#answers.set(path, await this.#fetch(path));
        }
        return this.#answers.get(path);
    }

    /** Some answers, as of a server that drains, are worth showing although they are no success. */
    async #fetch(path) {
        if (this.#pages !== null && !this.#pages.includes(path)) {
            throw new AbsentError(path);
        }
        try {
            const answer = await fetch(path, { signal: AbortSignal.timeout(TIMEOUT_MILLIS) });
            if (answer.status !== 404 && answer.status !== 403) {
                return await answer.json();
            }
        } catch (error) {
            throw new NoAnswerError(path, { cause: error });
        }
        throw new AbsentError(path);
    }
}
