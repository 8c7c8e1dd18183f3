/*
 * A picture in steps of one half each, so that a cut of any size is drawn
 * down from at most twice its size: sharp, without jagged edges, on white.
 * Depends on nothing.
 */

export function blank(width, height) {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d', { alpha: false });

    canvas.width = width;
    canvas.height = height;
    context.fillStyle = '#fff';
    context.fillRect(0, 0, width, height);

    return { canvas, context };
}

function half(source) {
    const width = Math.max(1, source.width >> 1);
    const height = Math.max(1, source.height >> 1);
    const { canvas, context } = blank(width, height);

    context.imageSmoothingQuality = 'low';      // at one half: the mean of four
    context.drawImage(source, 0, 0, width, height);

    return canvas;
}

export class Steps {
    constructor(source) {
        this.width = source.width;
        this.height = source.height;
        this.steps = [source];
    }

    /* The smallest step where "size" pixels of the picture are "least" ones. */
    step(size, least) {
        let n = 0;

        while (size / 2 ** (n + 1) >= least && Math.min(this.width, this.height) >> (n + 1) > 1) {
            n += 1;
        }

        while (this.steps.length <= n) {
            this.steps.push(half(this.steps.at(-1)));
        }

        return this.steps[n];
    }

    /* The part x, y, width, height as a canvas of the wanted size. */
    cut(part, width, height) {
        const source = this.step(part.width, width);
        const [fx, fy] = [source.width / this.width, source.height / this.height];
        const { canvas, context } = blank(width, height);

        context.imageSmoothingQuality = 'high';
        context.drawImage(source, part.x * fx, part.y * fy, part.width * fx, part.height * fy,
            0, 0, width, height);

        return canvas;
    }

    /* The same picture a quarter turn clockwise. */
    turned() {
        const { canvas, context } = blank(this.height, this.width);

        context.translate(this.height, 0);
        context.rotate(Math.PI / 2);
        context.drawImage(this.steps[0], 0, 0);
        this.release();

        return new Steps(canvas);
    }

    release() {
        this.steps[0].close?.();
        this.steps = this.steps.slice(0, 1);
    }
}
