/*
 * Where the cut is: its left and top edge and its width in pixels of the
 * picture, always of the wanted shape, inside the picture, and never less
 * than the pixels wanted, so that nothing is ever enlarged.
 * Depends on nothing.
 */

const HEAD_ROOM = 0.12;     // of what is cut off in height, from the top

const between = (low, value, high) => Math.min(high, Math.max(low, value));

export class Crop {
    /* "start" is { x, y, width } where the head was found, or null. */
    constructor(picture, wanted, start = null) {
        this.start = start;
        this.picture = { width: picture.width, height: picture.height };
        this.wanted = wanted;
        this.ratio = wanted.height / wanted.width;
        this.most = Math.min(picture.width, picture.height / this.ratio);
        this.least = Math.min(wanted.width, this.most);
        this.reset();
    }

    get height() {
        return this.width * this.ratio;
    }

    get part() {
        return { x: this.x, y: this.y, width: this.width, height: this.height };
    }

    /* As much as there is; a portrait's head is in its upper part. */
    reset() {
        if (this.start) {
            this.width = between(this.least, this.start.width, this.most);
            this.place(this.start.x + (this.start.width - this.width) / 2, this.start.y);
            return;
        }

        this.width = this.most;
        this.x = (this.picture.width - this.width) / 2;
        this.y = (this.picture.height - this.height) * HEAD_ROOM;
    }

    /* By shares of the cut: 1 is its whole width or height. */
    move(right, down) {
        this.place(this.x + right * this.width, this.y + down * this.height);
    }

    place(x, y) {
        this.x = between(0, x, this.picture.width - this.width);
        this.y = between(0, y, this.picture.height - this.height);
    }

    /* "factor" > 1 comes nearer; the point at these shares stays in place. */
    zoom(factor, right = 0.5, down = 0.5) {
        const width = between(this.least, this.width / factor, this.most);
        const [x, y] = [this.x + right * this.width, this.y + down * this.height];

        this.width = width;
        this.place(x - right * this.width, y - down * this.height);
    }

    get times() {
        return this.most / this.width;
    }

    get canZoom() {
        return this.most / this.least > 1.01;
    }

    /* The zoom as a share from 0 to 1, each step by the same factor. */
    get share() {
        return this.canZoom ? Math.log(this.times) / Math.log(this.most / this.least) : 0;
    }

    set share(value) {
        this.zoom((this.most / this.least) ** value / this.times);
    }
}
