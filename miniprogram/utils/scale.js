/*
 * Pictures through the one canvas of a page: turned upright, cut, scaled
 * down by the mean of all pixels, and written as JPEG.  What cut() answers
 * serves shared/place.js (pixels) and shared/encode.js (a file of some quality).
 * Depends on api.js (reading a file).
 */

import { readFile } from './api.js';

const SIDE_MOST = 2000;     // of the picture that is worked on
const FINEST = 6;           // pixels of the canvas a pixel of the result
const PERCENT = 100;
const TIME_MS = 15000;

/* The page's <canvas type="2d">. */
export function canvasOf(page, selector) {
    return new Promise((resolve, reject) => {
        wx.createSelectorQuery().in(page).select(selector)
            .fields({ node: true, size: true })
            .exec(([found]) => (found && found.node
                ? resolve(found.node) : reject(new Error('no canvas'))));
    });
}

export function imageOf(canvas, path) {
    return new Promise((resolve, reject) => {
        const image = canvas.createImage();
        const timer = setTimeout(() => reject(new Error('slow')), TIME_MS);

        image.onload = () => {
            clearTimeout(timer);
            resolve(image);
        };
        image.onerror = () => {
            clearTimeout(timer);
            reject(new Error('broken'));
        };
        image.src = path;
    });
}

function white(canvas, width, height) {
    canvas.width = width;
    canvas.height = height;

    const context = canvas.getContext('2d');

    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, width, height);

    return context;
}

export function fileOf(canvas, fileType, quality) {
    return new Promise((resolve, reject) => {
        wx.canvasToTempFilePath({
            canvas, fileType, quality, x: 0, y: 0, width: canvas.width, height: canvas.height,
            destWidth: canvas.width, destHeight: canvas.height,
            success: ({ tempFilePath }) => resolve(tempFilePath), fail: reject
        });
    });
}

/*
 * The picture at "path" with "turns" quarter turns clockwise, at most
 * SIDE_MOST pixels a side: { path, width, height }.  What is displayed and
 * what is cut is this one file, whatever a phone makes of Exif.
 */
export async function upright(canvas, path, turns) {
    const image = await imageOf(canvas, path);
    const share = Math.min(1, SIDE_MOST / Math.max(image.width, image.height));
    const [width, height] = [image.width, image.height].map((n) => Math.max(1, Math.round(n * share)));
    const lying = turns % 2 === 1;
    const context = white(canvas, lying ? height : width, lying ? width : height);

    context.translate(canvas.width / 2, canvas.height / 2);
    context.rotate(turns * Math.PI / 2);
    context.drawImage(image, -width / 2, -height / 2, width, height);

    return { path: await fileOf(canvas, 'jpg', 0.96), width: canvas.width, height: canvas.height };
}

/* Each pixel the mean of "fine" times "fine". */
function mean(source, fine, target, width, height) {
    const stride = width * fine * 4;

    for (let y = 0; y < height; y += 1) {
        for (let x = 0; x < width; x += 1) {
            let [red, green, blue] = [0, 0, 0];

            for (let row = 0; row < fine; row += 1) {
                const at = (y * fine + row) * stride + x * fine * 4;

                for (let i = at; i < at + fine * 4; i += 4) {
                    red += source[i];
                    green += source[i + 1];
                    blue += source[i + 2];
                }
            }

            const to = (y * width + x) * 4;
            const all = fine * fine;

            target[to] = Math.round(red / all);
            target[to + 1] = Math.round(green / all);
            target[to + 2] = Math.round(blue / all);
            target[to + 3] = 255;
        }
    }
}

export class Scaler {
    /* "picture" is what upright() answered. */
    static async open(canvas, picture) {
        return new Scaler(canvas, await imageOf(canvas, picture.path), picture);
    }

    constructor(canvas, image, { width, height }) {
        this.canvas = canvas;
        this.image = image;
        this.width = width;
        this.height = height;
    }

    /* The part x, y, width, height as pixels of the wanted size. */
    cut(part, width, height) {
        const fine = Math.max(1, Math.min(FINEST, Math.floor(part.width / width)));
        const context = white(this.canvas, width * fine, height * fine);
        const share = width * fine / part.width;

        context.drawImage(this.image, -part.x * share, -part.y * share,
            this.width * share, this.height * share);

        const drawn = context.getImageData(0, 0, width * fine, height * fine).data;
        const data = new Uint8ClampedArray(width * height * 4);

        mean(drawn, fine, data, width, height);

        return this.pixels(data, width, height);
    }

    pixels(data, width, height) {
        const { canvas } = this;
        let put = false;

        function draw() {
            const context = white(canvas, width, height);
            const image = context.createImageData(width, height);

            image.data.set(data);
            context.putImageData(image, 0, 0);
            put = true;
        }

        return {
            width, height,
            getContext: () => ({ getImageData: () => ({ data }) }),
            toBlob(callback, type, quality) {
                if (!put) {
                    draw();
                }

                fileOf(canvas, 'jpg', Math.round(quality * PERCENT) / PERCENT)
                    .then((path) => readFile(path))
                    .then((bytes) => callback({ type, arrayBuffer: async () => bytes }),
                        () => callback(null));
            }
        };
    }
}
