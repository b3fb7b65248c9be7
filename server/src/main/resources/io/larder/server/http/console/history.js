/**
 * Figures over time, in columns as a chart takes them: at most so many, at a step of so many
 * seconds. What comes between two steps is left out; since samples count from the server's start,
 * nothing is lost by that.
 */
export class History {
    #stepSeconds;
    #capacity;
    #names;
    #last = null;

    /** Unix seconds, then a column for each name; all of one length. */
    columns;

    constructor(stepSeconds, capacity, names) {
        this.#stepSeconds = stepSeconds;
        this.#capacity = capacity;
        this.#names = names;
        this.columns = [[], ...names.map(() => [])];
    }

    /**
     * Takes a sample if its time has come: `derive` makes an object of figures from the sample
     * before and this one. Returns whether it was taken.
     */
    offer(sample, derive) {
        const last = this.#last;
        if (last === null) {
            this.#last = sample;
            return false;
        }
        const seconds = sample.seconds - last.seconds;
        if (seconds < this.#stepSeconds * 0.9) {
            return false;
        }
        if (seconds > this.#stepSeconds * 4) {
            this.#append(last.seconds + this.#stepSeconds, {}); // nobody looked: a gap
        }
        this.#append(sample.seconds, derive(last, sample));
        this.#last = sample;
        return true;
    }

    #append(seconds, figures) {
        const [times, ...others] = this.columns;
        times.push(seconds);
        others.forEach((column, index) => column.push(figures[this.#names[index]] ?? null));
        if (times.length > this.#capacity) {
            this.columns.forEach((column) => column.shift());
        }
    }

    /** The column of a name. */
    column(name) {
        return this.columns[1 + this.#names.indexOf(name)];
    }
}
