/*
 * The stage: the picture under a fixed frame, moved and zoomed by drag,
 * pinch, wheel and keys.  What changed is told by onchange().
 * Depends on crop.js, guide.js, place.js, scale.js, dom.js, text.js.
 */

import { h } from '../dom.js';
import { t } from '../text.js';
import { Crop } from './crop.js';
import { guide } from './guide.js';
import { guess } from './place.js';
import { Steps } from './scale.js';

const MARGIN = 14;          // around the frame, in pixels of the result
const STEP = 0.01;          // of the frame, an arrow key
const LEAP = 0.05;          // with Shift
const NEARER = 1.05;        // a + key
const WHEEL = 0.0015;
const SHARPEST = 2;         // device pixels a pixel, no more are drawn

const KEYS = {
    ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]
};

export class Stage {
    constructor(picture, wanted, hint, onchange) {
        this.steps = new Steps(picture);
        this.wanted = wanted;
        this.crop = this.start();
        this.onchange = onchange;
        this.fingers = new Map();
        this.canvas = h('canvas', { class: 'stage-picture', 'aria-hidden': 'true' });
        this.element = h('div', {
            class: 'stage', tabindex: '0', role: 'application', 'aria-label': t('fit_stage'),
            'aria-describedby': hint,
            onpointerdown: (event) => this.press(event),
            onpointermove: (event) => this.drag(event),
            onpointerup: (event) => this.lift(event),
            onpointercancel: (event) => this.lift(event),
            onkeydown: (event) => this.key(event)
        }, this.canvas, guide(wanted, MARGIN, { crown: t('fit_crown'), eyes: t('fit_eyes') }));
        this.element.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
        this.watch = new ResizeObserver(() => this.draw());
        this.watch.observe(this.element);
    }

    start() {
        return new Crop(this.steps, this.wanted,
            guess(this.steps, this.wanted.height / this.wanted.width));
    }

    release() {
        this.watch.disconnect();
        this.steps.release();
    }

    changed() {
        this.onchange();
        this.frame ||= requestAnimationFrame(() => {
            this.frame = 0;
            this.draw();
        });
    }

    /* The frame's place on the screen. */
    box() {
        const { left, top, width } = this.element.getBoundingClientRect();
        const unit = width / (this.wanted.width + 2 * MARGIN);

        return {
            left: left + MARGIN * unit, top: top + MARGIN * unit,
            width: this.wanted.width * unit, height: this.wanted.height * unit
        };
    }

    draw() {
        const { clientWidth, clientHeight } = this.element;
        const sharp = Math.min(SHARPEST, devicePixelRatio || 1);
        const [width, height] = [clientWidth * sharp, clientHeight * sharp].map(Math.round);

        if (!width || !height) {
            return;
        }

        if (this.canvas.width !== width || this.canvas.height !== height) {
            Object.assign(this.canvas, { width, height });
        }

        const unit = width / (this.wanted.width + 2 * MARGIN);
        const scale = this.wanted.width * unit / this.crop.width;
        const source = this.steps.step(this.crop.width, this.wanted.width * unit);
        const context = this.canvas.getContext('2d');

        context.fillStyle = '#fff';
        context.fillRect(0, 0, width, height);
        context.drawImage(source,
            MARGIN * unit - this.crop.x * scale, MARGIN * unit - this.crop.y * scale,
            this.steps.width * scale, this.steps.height * scale);
    }

    press(event) {
        if (event.button) {
            return;
        }

        this.element.setPointerCapture(event.pointerId);
        this.fingers.set(event.pointerId, event);
        this.element.classList.add('held');
    }

    lift(event) {
        this.fingers.delete(event.pointerId);
        this.element.classList.toggle('held', this.fingers.size > 0);
    }

    /* Middle of the fingers, and how far they are apart. */
    grip() {
        const all = [...this.fingers.values()];
        const mean = (axis) => all.reduce((sum, one) => sum + one[axis], 0) / all.length;
        const [x, y] = [mean('clientX'), mean('clientY')];

        return { x, y, apart: Math.hypot(all[0].clientX - x, all[0].clientY - y) };
    }

    drag(event) {
        if (!this.fingers.has(event.pointerId)) {
            return;
        }

        const before = this.grip();

        this.fingers.set(event.pointerId, event);

        const after = this.grip();
        const box = this.box();

        if (before.apart && after.apart) {
            this.crop.zoom(after.apart / before.apart,
                (after.x - box.left) / box.width, (after.y - box.top) / box.height);
        }

        this.crop.move((before.x - after.x) / box.width, (before.y - after.y) / box.height);
        this.changed();
    }

    wheel(event) {
        const box = this.box();

        event.preventDefault();
        this.crop.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 20 : 1)
            * (event.ctrlKey ? 6 : 1) * WHEEL),
        (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
        this.changed();
    }

    key(event) {
        const way = KEYS[event.key];

        if (event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }

        if (way) {
            this.nudge(way, event.shiftKey ? LEAP : STEP);
        } else if (event.key === '+' || event.key === '=') {
            this.zoom(NEARER);
        } else if (event.key === '-' || event.key === '_') {
            this.zoom(1 / NEARER);
        } else if (event.key === '0' || event.key === 'Home') {
            this.reset();
        } else {
            return;
        }

        event.preventDefault();
    }

    /* The picture goes the way of the arrow, as it does under a finger. */
    nudge([left, up], share = LEAP / 2) {
        this.crop.move(left * share, up * share);
        this.changed();
    }

    zoom(factor) {
        this.crop.zoom(factor);
        this.changed();
    }

    setShare(share) {
        this.crop.share = share;
        this.changed();
    }

    reset() {
        this.crop.reset();
        this.changed();
    }

    turn() {
        this.steps = this.steps.turned();
        this.crop = this.start();
        this.changed();
    }

    /* The result, still as pixels. */
    cut() {
        return this.steps.cut(this.crop.part, this.wanted.width, this.wanted.height);
    }
}
