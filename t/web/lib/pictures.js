'use strict';

/*
 * Pictures as members have them, and those that break the photo rules, made
 * by the browser or by hand.
 */

const COM = 0xfe;

/* A picture drawn anew in another kind or size, as the canvas writes it. */
async function canvas(page, source, type, width, height) {
    const base64 = await page.evaluate(async ([data, kind, w, h]) => {
        const image = new Image();
        const element = document.createElement('canvas');

        image.src = `data:image/jpeg;base64,${data}`;
        await image.decode();
        element.width = w;
        element.height = h;
        element.getContext('2d').drawImage(image, 0, 0, w, h);

        return element.toDataURL(kind, 0.6).split(',')[1];
    }, [source.toString('base64'), type, width, height]);

    return Buffer.from(base64, 'base64');
}

/*
 * A portrait before more of its wall, 3000x4000 by default; lying on its
 * side where "turn" is set, cut out (no wall at all) where "alpha" is.
 */
async function scene(page, source, { width = 3000, height = 4000, turn, alpha } = {}) {
    const base64 = await page.evaluate(async ([data, w, h, side, clear]) => {
        const image = new Image();
        const element = document.createElement('canvas');
        const draw = element.getContext('2d');
        const [wide, high] = [w * 0.89, h * 0.825];
        const [left, top] = [(w - wide) / 2, h - high];
        const { naturalWidth: iw, naturalHeight: ih } = await new Promise((resolve, reject) => {
            image.onload = () => resolve(image);
            image.onerror = reject;
            image.src = `data:image/jpeg;base64,${data}`;
        });

        [element.width, element.height] = side ? [h, w] : [w, h];

        if (side) {     // a quarter turn against the clock: Exif 6 takes it back
            draw.translate(0, w);
            draw.rotate(-Math.PI / 2);
        }

        if (!clear) {
            draw.fillStyle = '#fcfcfd';
            draw.fillRect(0, 0, w, h);
            draw.drawImage(image, 0, 0, 2, ih, 0, top, left + 2, high);
            draw.drawImage(image, iw - 2, 0, 2, ih, left + wide - 2, top, left + 2, high);
        }

        draw.drawImage(image, left, top, wide, high);

        if (clear) {    // what is nearly white becomes see-through black
            const pixels = draw.getImageData(0, 0, w, h);

            for (let i = 0; i < pixels.data.length; i += 4) {
                if (Math.min(...pixels.data.subarray(i, i + 3)) > 225) {
                    pixels.data.fill(0, i, i + 4);
                }
            }

            draw.putImageData(pixels, 0, 0);
        }

        return element.toDataURL(clear ? 'image/png' : 'image/jpeg', 0.93).split(',')[1];
    }, [source.toString('base64'), width, height, turn, alpha]);

    return Buffer.from(base64, 'base64');
}

/* An Exif segment behind SOI: how the camera was held, and when. */
function withExif(jpeg, { orientation = 1, date = '' }) {
    const u16 = (n) => [n >> 8, n & 255];
    const u32 = (n) => [0, 0, ...u16(n)];
    const when = Buffer.from(`${date}\0`);
    const tiff = Buffer.from([0x4d, 0x4d, 0, 42, ...u32(8), ...u16(2),
        ...u16(0x0112), ...u16(3), ...u32(1), ...u16(orientation), 0, 0,
        ...u16(0x8769), ...u16(4), ...u32(1), ...u32(38), ...u32(0),
        ...u16(date ? 1 : 0),
        ...(date ? [...u16(0x9003), ...u16(2), ...u32(when.length), ...u32(56)] : []),
        ...u32(0), ...(date ? when : [])]);
    const head = Buffer.from([0xff, 0xe1, ...u16(tiff.length + 8), ...Buffer.from('Exif\0\0')]);

    return Buffer.concat([jpeg.subarray(0, 2), head, tiff, jpeg.subarray(2)]);
}

/* What a JPEG says of itself: { width, height, dpi, comment, size }. */
function readJpeg(jpeg) {
    const found = { size: jpeg.length, dpi: 0, comment: 0 };

    for (let at = 2; at < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
        const marker = jpeg[at + 1];

        if (marker === 0xe0 && jpeg[at + 11] === 1) {
            found.dpi = jpeg.readUInt16BE(at + 12);
        } else if (marker === COM) {
            found.comment = jpeg.readUInt16BE(at + 2) + 2;
        } else if (marker === 0xc0 || marker === 0xc2) {
            return { ...found, height: jpeg.readUInt16BE(at + 5), width: jpeg.readUInt16BE(at + 7) };
        }
    }

    throw new Error('no frame in the JPEG');
}

/* JFIF density in dots per inch (the APP0 segment comes first). */
function withDensity(jpeg, dpi) {
    const copy = Buffer.from(jpeg);

    copy[13] = 1;
    copy.writeUInt16BE(dpi, 14);
    copy.writeUInt16BE(dpi, 16);

    return copy;
}

/* Longer by a comment segment of "size" bytes. */
function withComment(jpeg, size) {
    const segment = Buffer.alloc(size + 4, 0x20);
    const at = 4 + jpeg.readUInt16BE(4);

    segment.writeUInt16BE(0xff00 + COM, 0);
    segment.writeUInt16BE(size + 2, 2);

    return Buffer.concat([jpeg.subarray(0, at), segment, jpeg.subarray(at)]);
}

const file = (name, mimeType, buffer) => ({ name, mimeType, buffer });

module.exports = { canvas, file, readJpeg, scene, withComment, withDensity, withExif };
