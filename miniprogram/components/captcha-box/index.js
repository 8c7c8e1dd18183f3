/*
 * 验证码 (S09, I01): a picture to read, refreshed by a tap on it or by its
 * button; or, where it cannot be read, a proof of work by the phone.  An
 * answer counts once: whoever used it calls refresh().
 */

import { getCaptcha } from '../../utils/api.js';
import { makeComponent } from '../../utils/component.js';
import { asProblem, wordsOf } from '../../utils/problem.js';
import { t } from '../../utils/text.js';
import { solve } from '../../utils/work.js';

const SECOND_MS = 1000;
const EARLY_MS = 5000;
const PERCENT = 100;

makeComponent({
    groups: ['captcha'],
    properties: { fault: String },
    data: { kind: 'picture', picture: '', value: '', state: 'loading', percent: 0, words: '' },
    lifetimes: {
        attached() {
            this.refresh();
        },

        detached() {
            this.stop();
        }
    },
    pageLifetimes: {
        /* one that ended while the member was away is not shown to them */
        show() {
            if (this.endsAt && Date.now() > this.endsAt) {
                this.refresh();
            }
        }
    },
    methods: {
        stop() {
            this.turn = (this.turn || 0) + 1;
            clearTimeout(this.timer);

            if (this.control) {
                this.control.stopped = true;
            }
        },

        async refresh() {
            this.stop();

            const { turn } = this;
            const { kind } = this.data;

            this.id = '';
            this.endsAt = 0;
            this.setData({ state: 'loading', value: '', percent: 0, words: '', picture: '' });

            try {
                const captcha = await getCaptcha(kind);

                if (turn === this.turn) {
                    this.take(captcha);
                }
            } catch (error) {
                if (turn === this.turn) {
                    this.setData({ state: 'failed', words: wordsOf(asProblem(error).errors[0]) });
                }
            }
        },

        take(captcha) {
            const left = captcha.expires_in * SECOND_MS - EARLY_MS;

            this.id = captcha.id;
            this.endsAt = Date.now() + left;

            /* nobody is to type an answer to one that has ended */
            this.timer = setTimeout(() => this.refresh(), Math.max(left, EARLY_MS));

            if (captcha.kind === 'work') {
                this.prove(captcha);
            } else {
                this.setData({ state: 'picture', picture: captcha.picture });
            }
        },

        async prove({ id, bits }) {
            const control = this.control = { stopped: false };

            this.setData({ state: 'working', percent: 0 });

            const answer = await solve(id, bits, control, (share) => {
                const percent = Math.round(share * PERCENT / 5) * 5;

                if (percent !== this.data.percent) {
                    this.setData({ percent });
                }
            });

            if (answer !== null && !control.stopped) {
                this.setData({ state: 'proven', value: answer, percent: PERCENT });
                this.triggerEvent('ready', {});
            }
        },

        swap() {
            this.setData({ kind: this.data.kind === 'picture' ? 'work' : 'picture' });
            this.refresh();
        },

        onInput({ detail }) {
            this.setData({ value: detail.value });
        },

        onConfirm() {
            this.triggerEvent('confirm', {});
        },

        /* { id, answer }, or null with the reason in words where there is none yet. */
        read() {
            const { state, kind } = this.data;
            const answer = this.data.value.trim();

            if (state === 'picture' || state === 'proven') {
                return answer ? { captcha: { id: this.id, answer } }
                    : { words: t('captcha_needed') };
            }

            return { words: t(kind === 'work' && state === 'working'
                ? 'captcha_wait' : 'captcha_none') };
        }
    }
});
