/*
 * The picture under a fixed frame (I10): moved with a finger, zoomed with
 * two or with buttons.  "cut" tells the part of the picture in the frame
 * once the finger rests.
 */

import { makeComponent } from '../../utils/component.js';
import { Crop } from '../../utils/shared/crop.js';

const SETTLED_MS = 300;
const NEARER = 1.1;
const STEP = 0.02;
const PERCENT = 100;

const apartOf = (fingers) => Math.hypot(fingers[0].clientX - fingers[1].clientX,
    fingers[0].clientY - fingers[1].clientY);
const middleOf = (fingers) => ({
    x: fingers.reduce((sum, one) => sum + one.clientX, 0) / fingers.length,
    y: fingers.reduce((sum, one) => sum + one.clientY, 0) / fingers.length
});

makeComponent({
    groups: ['fit'],
    properties: {
        /* { path, width, height, wanted: { width, height }, start } */
        picture: { type: Object, value: null }
    },
    data: { style: '' },
    observers: {
        picture(picture) {
            if (picture) {
                this.crop = new Crop(picture, picture.wanted, picture.start);
                this.moved();
            }
        }
    },
    lifetimes: {
        detached() {
            clearTimeout(this.timer);
        }
    },
    methods: {
        /* The frame is 100 % of the stage: all by shares of the cut. */
        moved() {
            const { crop } = this;
            const { width, height } = crop.picture;
            const share = (n) => (n * PERCENT).toFixed(3);

            this.setData({
                style: `width:${share(width / crop.width)}%;height:${share(height / crop.height)}%;`
                    + `left:${share(-crop.x / crop.width)}%;top:${share(-crop.y / crop.height)}%;`
            });
            this.triggerEvent('moving', {});
            clearTimeout(this.timer);
            this.timer = setTimeout(() => this.triggerEvent('cut', crop.part), SETTLED_MS);
        },

        box() {
            return new Promise((resolve) => {
                wx.createSelectorQuery().in(this).select('.stg-stage')
                    .boundingClientRect(resolve).exec();
            });
        },

        async onStart(event) {
            this.fingers = [...event.touches];
            this.rect = await this.box();
        },

        onMove(event) {
            const before = this.fingers;
            const now = [...event.touches];

            if (!this.rect || !before || before.length !== now.length) {
                this.fingers = now;
                return;
            }

            const { width, height, left, top } = this.rect;
            const [from, to] = [middleOf(before), middleOf(now)];

            if (now.length === 2) {
                this.crop.zoom(apartOf(now) / apartOf(before),
                    (to.x - left) / width, (to.y - top) / height);
            }

            this.crop.move((from.x - to.x) / width, (from.y - to.y) / height);
            this.fingers = now;
            this.moved();
        },

        onEnd(event) {
            this.fingers = [...event.touches];
        },

        onTool(event) {
            const { does } = event.currentTarget.dataset;
            const moves = { left: [1, 0], right: [-1, 0], up: [0, 1], down: [0, -1] };

            if (does === 'turn') {
                this.triggerEvent('turn', {});
                return;
            }

            if (does === 'nearer') {
                this.crop.zoom(NEARER);
            } else if (does === 'farther') {
                this.crop.zoom(1 / NEARER);
            } else if (does === 'reset') {
                this.crop.reset();
            } else {
                this.crop.move(moves[does][0] * STEP, moves[does][1] * STEP);
            }

            this.moved();
        }
    }
});
