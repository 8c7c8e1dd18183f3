'use strict';

/*
 * Programs that show a PDF, asked for two things: the text they find, and a
 * cut-out of the page in grey.  Each: { name, start(), text(file),
 * cut(file, box, dpi), stop() }; box = { left, top, width, height } in pixels
 * of the page rendered at dpi.  A cut-out is width * height bytes.
 */

const childProcess = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { promisify } = require('node:util');

const run = promisify(childProcess.execFile);
const LIMITS = { timeout: 60_000, maxBuffer: 64 * 1024 * 1024, encoding: 'buffer' };
const MODULES = path.join(__dirname, '..', 'node_modules');
const PAGE_WIDTH = 595.28;
const PAGE_HEIGHT = 841.89;
const WINDOW = { width: 2600, height: 3600 };   // holds an A4 page at 300 dpi

/* Chromium's own library, compiled for node.  Puts each glyph on a whole
 * pixel, which shows in long names of small letters. */
class Pdfium {
    name = 'pdfium';
    own = 13;

    async start() {
        const { PDFiumLibrary } = require('@hyzyla/pdfium');

        this.library = await PDFiumLibrary.init();
        this.shown = { file: null };
        this.opened = 0;
    }

    async open(file, use) {
        /* it does not give all memory back */
        if (this.opened++ === 50) {
            this.stop();
            await this.start();
        }

        const document = await this.library.loadDocument(fs.readFileSync(file));

        try {
            return await use(document.getPage(0));
        } finally {
            document.destroy();
        }
    }

    text(file) {
        return this.open(file, (page) => page.getText());
    }

    async cut(file, box, dpi) {
        if (this.shown.file !== file) {
            const { width, height, data } = await this.open(file, (page) =>
                page.render({ render: 'bitmap', colorSpace: 'Gray',
                    width: Math.round(PAGE_WIDTH * dpi / 72),
                    height: Math.round(PAGE_HEIGHT * dpi / 72) }));

            this.shown = { file, width, height, data };
        }

        const out = Buffer.alloc(box.width * box.height, 255);

        for (let row = 0; row < box.height && box.top + row < this.shown.height; row += 1) {
            const from = (box.top + row) * this.shown.width + box.left;

            out.set(this.shown.data.subarray(from, from + box.width), row * box.width);
        }

        return out;
    }

    stop() {
        this.library?.destroy();
    }
}

/*
 * What a member sees: the viewer inside of Chromium, photographed.  Takes
 * seconds a page, so that it is asked for some names only, and with half the
 * dots, where glyphs stand on half pixels; not for text, which it gives to
 * the clipboard alone.
 */
class Chromium {
    name = 'Chromium';
    own = 20;
    other = 60;
    dpi = 300;
    every = 3;

    constructor(browser) {
        this.browser = browser;
    }

    async start() {
        this.context = await this.browser.chromium.newContext({ viewport: WINDOW });
        this.page = await this.context.newPage();
        this.camera = await this.context.newCDPSession(this.page);
        this.dark = await this.context.newPage();
        this.file = null;
    }

    /* A part of the window in grey. */
    async photograph(x, y, width, height, scale = 1) {
        const { data } = await this.camera.send('Page.captureScreenshot',
            { format: 'png', clip: { x, y, width, height, scale } });

        return Buffer.from(await this.dark.evaluate(async (png) => {
            const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
            const canvas = new OffscreenCanvas(image.width, image.height);
            const context = canvas.getContext('2d', { willReadFrequently: true });

            context.drawImage(image, 0, 0);

            const { data } = context.getImageData(0, 0, image.width, image.height);
            let grey = '';

            for (let i = 0; i < data.length; i += 4) {
                grey += String.fromCharCode((data[i] * 77 + data[i + 1] * 150 + data[i + 2] * 29) >> 8);
            }

            return btoa(grey);
        }, data), 'base64');
    }

    /* Where the page begins, by the outer line of its frame on white. */
    origin(dots) {
        const white = dots.findIndex((dot) => dot > 250);
        const line = dots.findIndex((dot, i) => i > white && dot < 128);

        return white < 0 || line < 0 ? null : line - Math.floor((21 - 1.1 / 2) * this.dpi / 72);
    }

    /* Shown when two pictures in a row are the same and have that line. */
    async open(file) {
        if (this.file === file) {
            return;
        }

        await this.page.goto('about:blank');
        await this.page.goto(`file://${file}#toolbar=0&navpanes=0&zoom=${this.dpi / 0.96}`);

        let before = Buffer.alloc(0);

        for (let tries = 0; tries < 100; tries += 1) {
            const left = this.origin(await this.photograph(0, WINDOW.height / 2, 400, 1));
            const top = this.origin(await this.photograph(WINDOW.width / 2, 0, 1, 400));
            const all = await this.photograph(0, 0, WINDOW.width, WINDOW.height, 0.25);

            if (left !== null && top !== null && all.equals(before)) {
                Object.assign(this, { file, left, top });

                return;
            }

            before = all;
        }

        throw new Error(`${file} is not shown`);
    }

    async cut(file, box) {
        await this.open(file);

        return this.photograph(this.left + box.left, this.top + box.top, box.width, box.height);
    }

    stop() {
        return this.context?.close();
    }
}

/* Mozilla's, in a page of Chromium. */
class PdfJs {
    name = 'pdf.js';

    constructor(browser) {
        this.browser = browser;
    }

    async start() {
        const type = { '.mjs': 'text/javascript', '.html': 'text/html' };

        this.context = await this.browser.chromium.newContext();
        this.page = await this.context.newPage();
        await this.page.route('http://viewer.test/**', (route) => {
            const { pathname } = new URL(route.request().url());

            if (pathname === '/') {
                return route.fulfill({ contentType: type['.html'], body: '<!doctype html><title>viewer</title>' });
            }

            return route.fulfill({ contentType: type[path.extname(pathname)],
                path: path.join(MODULES, 'pdfjs-dist', 'legacy', 'build', path.basename(pathname)) });
        });
        await this.page.goto('http://viewer.test/');
        await this.page.evaluate(async () => {
            window.pdfjs = await import('/pdf.min.mjs');
            window.pdfjs.GlobalWorkerOptions.workerSrc = '/pdf.worker.min.mjs';
        });
    }

    async load(file) {
        if (this.file === file) {
            return;
        }

        this.file = file;
        await this.page.evaluate(async (bytes) => {
            await window.shown?.destroy();
            window.shown = await window.pdfjs.getDocument({
                data: Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)),
                useSystemFonts: false, isEvalSupported: false,
            }).promise;
        }, fs.readFileSync(file).toString('base64'));
    }

    async text(file) {
        await this.load(file);

        return this.page.evaluate(async () => {
            const page = await window.shown.getPage(1);

            return (await page.getTextContent()).items.map((item) => item.str).join('');
        });
    }

    async cut(file, box, dpi) {
        await this.load(file);

        return Buffer.from(await this.page.evaluate(async ([where, scale]) => {
            const page = await window.shown.getPage(1);
            const canvas = Object.assign(document.createElement('canvas'),
                { width: where.width, height: where.height });
            const canvasContext = canvas.getContext('2d', { willReadFrequently: true });

            await page.render({ canvasContext, viewport: page.getViewport({ scale,
                offsetX: -where.left, offsetY: -where.top }) }).promise;

            const { data } = canvasContext.getImageData(0, 0, where.width, where.height);
            let grey = '';

            for (let i = 0; i < data.length; i += 4) {
                grey += String.fromCharCode((data[i] * 77 + data[i + 1] * 150 + data[i + 2] * 29) >> 8);
            }

            return btoa(grey);
        }, [box, dpi / 72]), 'base64');
    }

    stop() {
        return this.context?.close();
    }
}

/* Its text writer spoils everything outside of the first plane (10.0). */
class Ghostscript {
    name = 'ghostscript';
    planes = 1;

    start() {}

    async text(file) {
        const { stdout } = await run('gs', ['-q', '-dSAFER', '-dBATCH', '-dNOPAUSE',
            '-sDEVICE=txtwrite', '-sOutputFile=-', file], LIMITS);

        return stdout.toString();
    }

    async cut(file, box, dpi) {
        const points = (pixels) => pixels * 72 / dpi;
        const y = PAGE_HEIGHT - points(box.top + box.height);
        const { stdout } = await run('gs', ['-q', '-dSAFER', '-dBATCH', '-dNOPAUSE', '-sDEVICE=pgmraw',
            `-r${dpi}`, `-g${box.width}x${box.height}`, '-dFIXEDMEDIA', '-dTextAlphaBits=4',
            '-dGraphicsAlphaBits=4', '-sOutputFile=-',
            '-c', `<< /Install { ${-points(box.left)} ${-y} translate } >> setpagedevice`, '-f', file], LIMITS);

        return stdout.subarray(stdout.length - box.width * box.height);
    }

    stop() {}
}

module.exports = { Chromium, Ghostscript, PdfJs, Pdfium, run };
