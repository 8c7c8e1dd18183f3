'use strict';

/* Pictures that break the photo rules, made by the browser or by hand. */

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

module.exports = { canvas, file, withComment, withDensity };
