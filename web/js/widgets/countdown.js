/*
 * Time that runs out, for the eye second by second, for the ear at the marks
 * that matter.
 * Depends on dom.js, text.js.
 */

import { h } from '../dom.js';
import { t } from '../text.js';

const MARKS = [300, 120, 60, 30, 10];

const seconds = (until) => Math.max(0, Math.ceil((until - Date.now()) / 1000));

/* 9:05 */
export const clockWords = (n) => `${Math.floor(n / 60)}:${String(n % 60).padStart(2, '0')}`;

/* "2 minutes", "30 seconds": as it is read aloud. */
export function spanWords(n) {
    if (n < 60) {
        return t('seconds', { n });
    }

    return n < 90 ? t('minute') : t('minutes', { n: Math.round(n / 60) });
}

/*
 * Answers { clock, said, stop }: an element that shows what is left until
 * "until" (ms), a polite live region that says it now and then, and how to
 * end both.  "done" is called once when it is over.
 */
export function countdown(until, done = () => {}) {
    const clock = h('strong', { class: 'clock', role: 'timer', 'aria-live': 'off' });
    const said = h('span', { class: 'unseen', role: 'status' });
    let told = seconds(until);
    let timer = 0;

    function tick() {
        const left = seconds(until);
        const mark = MARKS.find((one) => left <= one && told > one);

        clock.textContent = clockWords(left);

        if (mark && left) {
            said.textContent = t('time_left', { time: spanWords(left) });
        }

        told = left;

        if (left === 0) {
            clearInterval(timer);
            done();
        }
    }

    timer = setInterval(tick, 1000);
    clock.textContent = clockWords(told);

    return { clock, said, stop: () => clearInterval(timer) };
}
