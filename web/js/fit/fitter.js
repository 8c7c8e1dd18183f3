/*
 * The helper (I10): the stage, its tools, the picture as it will be sent,
 * before and after in numbers, and the service's verdict on it (dry run)
 * before an attempt is made.
 * Depends on api.js, the other modules of fit/, problem.js, dom.js, site.js,
 * text.js.
 */

import { checkPhoto } from '../api.js';
import { fill, h, id } from '../dom.js';
import { site } from '../site.js';
import { t } from '../text.js';
import { wordsOf } from '../widgets/problem.js';
import { encode } from './encode.js';
import { Stage } from './stage.js';

const SETTLED_MS = 350;
const SHARES = 200;         // steps of the slider

const number = (n) => n.toLocaleString('en');
const sizeWords = (n) => t('rule_size_has', { n: number(n) });
const dpiWords = (dpi) => (dpi ? `${dpi} dpi` : t('fit_dpi_none'));

function tool(sign, name, onclick) {
    return h('button', {
        type: 'button', class: 'tool', 'aria-label': name, title: name, onclick
    }, h('span', { 'aria-hidden': 'true' }, sign));
}

/* Refusals of the picture itself, not of the wire. */
const isVerdict = (problem) => [413, 415, 422].includes(problem.status);

export class Fitter {
    /*
     * "original" is { file, header }; "more" stands below the verdict;
     * "onchange" gets the file that fits, or null while there is none.
     */
    constructor(picture, original, more, onchange) {
        this.original = original;
        this.wanted = { width: site().photo.width, height: site().photo.height };
        this.onchange = onchange;
        this.turn = 0;

        const hint = id('hint');

        this.stage = new Stage(picture, this.wanted, hint, () => this.moved());
        this.slider = this.zoomSlider();
        this.image = h('img', {
            class: 'fit-image', alt: t('fit_result'), ...this.wanted
        });
        this.numbers = h('table', { class: 'fit-numbers' });
        this.notes = h('div', { class: 'fit-notes' });
        this.verdict = h('div', { class: 'fit-verdict', 'aria-live': 'polite' });
        this.element = h('div', { class: 'fit' },
            h('p', { class: 'fit-lead' }, h('strong', {}, t('fit_lead')), ' ',
                h('span', { class: 'aside', id: hint }, t('fit_hint'),
                    h('span', { class: 'fit-keys' }, t('fit_keys')))),
            h('div', { class: 'fit-left' }, this.stage.element, this.tools()),
            h('div', { class: 'fit-right' },
                h('div', { class: 'fit-seen' },
                    h('figure', { class: 'fit-result' }, this.image,
                        h('figcaption', { class: 'aside' }, t('fit_result'))),
                    h('div', {}, this.numbers, this.notes)),
                this.verdict, more));
        this.moved();
    }

    zoomSlider() {
        return h('input', {
            type: 'range', min: 0, max: SHARES, step: 1, value: 0, 'aria-label': t('fit_zoom'),
            disabled: !this.stage.crop.canZoom,
            oninput: () => this.stage.setShare(this.slider.value / SHARES)
        });
    }

    tools() {
        const { stage } = this;
        const arrow = (sign, name, way) => tool(sign, t(name), () => stage.nudge(way));

        return h('div', { class: 'fit-tools', role: 'group', 'aria-label': t('fit_tools') },
            h('div', { class: 'fit-zoom' },
                tool('−', t('fit_smaller'), () => stage.zoom(1 / 1.1)), this.slider,
                tool('＋', t('fit_larger'), () => stage.zoom(1.1)),
                h('button', { type: 'button', class: 'tool', onclick: () => stage.reset() },
                    t('fit_reset'))),
            h('div', { class: 'fit-moves' },
                arrow('←', 'fit_left', [1, 0]), arrow('→', 'fit_right', [-1, 0]),
                arrow('↑', 'fit_up', [0, 1]), arrow('↓', 'fit_down', [0, -1]),
                tool('↻', t('fit_turn'), () => this.rotate())));
    }

    rotate() {
        try {
            this.stage.turn();
            this.slider.disabled = !this.stage.crop.canZoom;
        } catch {
            this.say('bad', h('p', {}, t('unfit_broken')));
        }
    }

    release() {
        this.turn += 1;
        clearTimeout(this.timer);
        this.stage.release();
        URL.revokeObjectURL(this.url);
    }

    moved() {
        const { crop } = this.stage;

        this.turn += 1;
        this.onchange(null);
        this.element?.classList.add('working');

        if (this.slider) {
            this.slider.value = Math.round(crop.share * SHARES);
            this.slider.setAttribute('aria-valuetext',
                t('fit_times', { n: crop.times.toFixed(2) }));
        }

        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.make(), SETTLED_MS);
    }

    say(kind, ...content) {
        this.element.classList.remove('working');
        this.verdict.className = `fit-verdict ${kind}`;
        fill(this.verdict, content);
    }

    async make() {
        const turn = this.turn;

        this.verdict.className = 'fit-verdict';
        fill(this.verdict, h('p', {}, t('fit_working')));

        try {
            const result = await encode(this.stage.cut(), site().photo,
                this.original.header.date);

            if (turn === this.turn) {
                this.show(result);
                await this.ask(new File([result.bytes], 'photo.jpg', { type: 'image/jpeg' }),
                    turn);
            }
        } catch {
            if (turn === this.turn) {
                this.say('bad', h('p', {}, t('fit_failed')));
            }
        }
    }

    show({ bytes, quality, added }) {
        const { file, header } = this.original;
        const { crop, steps } = this.stage;
        const whole = Math.max(header.width, header.height) / Math.max(steps.width, steps.height);
        const pixels = (one) => `${one.width}×${one.height}`;
        const row = (name, before, after) => h('tr', {},
            h('th', { scope: 'row' }, t(name)), h('td', {}, before), h('td', {}, after));

        URL.revokeObjectURL(this.url);
        this.url = URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }));
        this.image.src = this.url;
        fill(this.numbers,
            h('thead', {}, h('tr', {}, h('td'), h('th', { scope: 'col' }, t('fit_before')),
                h('th', { scope: 'col' }, t('fit_after')))),
            h('tbody', {},
                row('rule_kind', header.kind === 'JPEG' ? 'JPG' : header.kind, 'JPG'),
                row('rule_size', sizeWords(file.size), sizeWords(bytes.length)),
                row('rule_pixels', pixels(header), pixels(this.wanted)),
                row('rule_dpi', dpiWords(header.dpi), dpiWords(site().photo.dpi))));
        fill(this.notes, h('p', { class: 'aside' }, t('fit_how', {
            width: Math.round(crop.width * whole), height: Math.round(crop.height * whole), quality
        })), added ? h('p', { class: 'aside fit-added' },
            t('fit_added', { n: number(added), min: number(site().photo.min) })) : null);
    }

    /* The service's verdict; a fault of the wire leaves a way to ask again. */
    async ask(file, turn) {
        try {
            const answer = await checkPhoto(file);

            if (turn === this.turn) {
                this.accept(file, answer?.warnings || []);
            }
        } catch (problem) {
            if (turn !== this.turn) {
                return;
            }

            this.say('bad', h('p', {}, h('strong', {}, t(isVerdict(problem)
                ? 'fit_bad' : 'fit_unchecked'))),
            h('ul', {}, problem.errors.map((error) => h('li', {}, wordsOf(error)))),
            isVerdict(problem) ? null : h('button', {
                type: 'button', class: 'plain', onclick: () => this.make()
            }, t('retry')));
        }
    }

    accept(file, warnings) {
        this.say(warnings.length ? 'warn' : 'good',
            h('p', {}, h('strong', {}, t(warnings.length ? 'fit_warn' : 'fit_good'))),
            warnings.length
                ? h('ul', {}, warnings.map((one) => h('li', {}, wordsOf(one)))) : null);
        this.onchange(file);
    }
}
