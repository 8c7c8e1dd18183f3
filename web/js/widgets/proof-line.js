/*
 * Where a form's check against machines stands: nothing while it is quick,
 * else words, read aloud once, and a bar.
 * Depends on dom.js, text.js.
 */

import { fill, h } from '../dom.js';
import { t } from '../text.js';

const QUICK_MS = 400;

export function proofLine() {
    const element = h('div', { class: 'proof', role: 'status' });
    let bar = null;
    let timer = 0;

    function draw() {
        bar = h('progress', { max: 1, value: 0, 'aria-label': t('proof') });
        fill(element, h('span', {}, t('proof_working')), bar);
    }

    return {
        element,
        begin() {
            clearTimeout(timer);
            timer = setTimeout(draw, QUICK_MS);
        },
        tell(share) {
            if (bar) {
                bar.value = share;
            }
        },
        end() {
            clearTimeout(timer);
            bar = null;
            fill(element);
        }
    };
}
