/*
 * The cases that wait, oldest first, as far as they are loaded.
 * Depends on api.js.
 */

import { getQueue } from './api.js';

export class Queue {
    constructor() {
        this.items = [];
        this.next = null;
    }

    get more() {
        return this.next !== null;
    }

    async load(signal) {
        const page = await getQueue(null, signal);

        this.items = page.items;
        this.next = page.next;
    }

    /* The page behind; what came twice stands once. */
    async loadMore(signal) {
        const page = await getQueue(this.next, signal);

        this.items.push(...page.items.filter((item) => !this.find(item.photo_id)));
        this.next = page.next;
    }

    place(id) {
        return this.items.findIndex((item) => item.photo_id === id);
    }

    find(id) {
        return this.items[this.place(id)] || null;
    }

    /* The one "step" places on: -1 the one before. */
    beside(id, step) {
        const at = this.place(id);

        return at < 0 ? this.items[0] || null : this.items[at + step] || null;
    }

    /* Takes one out; answers its neighbour, the one behind if there is one. */
    drop(id) {
        const at = this.place(id);

        if (at < 0) {
            return this.items[0] || null;
        }

        this.items.splice(at, 1);

        return this.items[at] || this.items[at - 1] || null;
    }

    /* A photo that took the place of another. */
    replace(id, item) {
        const at = this.place(id);

        this.items = this.items.filter((one) => one.photo_id !== item.photo_id);
        this.items.splice(at < 0 ? 0 : at, at < 0 ? 0 : 1, item);
    }
}
