/*
 * A picture of the certificate for the album, drawn from the data the member
 * sees and the photo; marked 仅供预览，以PDF为准, so that nobody takes it for
 * the certificate.
 * Depends on scale.js, text.js.
 */

import { fileOf, imageOf } from './scale.js';
import { pick, showDate, t } from './text.js';

const WIDTH = 1080;
const HEIGHT = 1160;
const FONT = 'sans-serif';
const NAMES = 100;          // where the names of the data begin
const VALUES = 360;
const LINE = 62;
const PHOTO = { x: 740, y: 380, width: 240, height: 297 };

function frame(context) {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = '#fdfcf8';
    context.fillRect(0, 0, WIDTH, HEIGHT);
    context.strokeStyle = '#b08d4a';
    context.lineWidth = 6;
    context.strokeRect(36, 36, WIDTH - 72, HEIGHT - 72);
    context.lineWidth = 2;
    context.strokeRect(50, 50, WIDTH - 100, HEIGHT - 100);
}

function title(context, view) {
    context.textAlign = 'center';
    context.fillStyle = '#0e3442';
    context.font = `bold 44px ${FONT}`;
    context.fillText(pick(view, 'issuer'), WIDTH / 2, 170, WIDTH - 160);
    context.font = `bold 66px ${FONT}`;
    context.fillText(t('home_certificate'), WIDTH / 2, 280, WIDTH - 160);
}

/* Text in lines no wider than "width"; answers where the next begins. */
function wrap(context, text, x, y, width) {
    let line = '';
    let at = y;

    for (const letter of text) {
        if (line && context.measureText(line + letter).width > width) {
            context.fillText(line, x, at);
            line = '';
            at += LINE * 0.75;
        }

        line += letter;
    }

    context.fillText(line, x, at);

    return at + LINE;
}

function data(context, fields) {
    let y = 420;

    context.textAlign = 'left';

    for (const field of fields) {
        const room = y < PHOTO.y + PHOTO.height + LINE ? PHOTO.x - 40 : WIDTH - 100;

        context.font = `32px ${FONT}`;
        context.fillStyle = '#55646a';
        context.fillText(pick(field, 'label'), NAMES, y, VALUES - NAMES - 20);
        context.font = `bold 36px ${FONT}`;
        context.fillStyle = '#1b282d';
        y = wrap(context, showDate(pick(field, 'value')) || '', VALUES, y, room - VALUES);
    }
}

/* Across the whole picture, and in plain words at its foot. */
function mark(context) {
    context.save();
    context.translate(WIDTH / 2, HEIGHT / 2);
    context.rotate(-Math.PI / 7);
    context.textAlign = 'center';
    context.fillStyle = 'rgba(157, 47, 34, 0.16)';
    context.font = `bold 74px ${FONT}`;

    for (const y of [-400, -130, 140, 410]) {
        context.fillText(t('preview_mark'), 0, y, WIDTH * 1.1);
    }

    context.restore();
    context.textAlign = 'center';
    context.fillStyle = '#9d2f22';
    context.font = `bold 40px ${FONT}`;
    context.fillText(t('preview_mark'), WIDTH / 2, HEIGHT - 100, WIDTH - 160);
}

/* The path of the picture; "view" is the answer of GET certificate. */
export async function drawPreview(canvas, view, photo) {
    canvas.width = WIDTH;
    canvas.height = HEIGHT;

    const context = canvas.getContext('2d');
    const image = photo ? await imageOf(canvas, photo) : null;

    frame(context);
    title(context, view);

    if (image) {
        context.drawImage(image, PHOTO.x, PHOTO.y, PHOTO.width, PHOTO.height);
    }

    data(context, view.fields);
    mark(context);

    return fileOf(canvas, 'png', 1);
}
