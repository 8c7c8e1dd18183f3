/*
 * Which of the site's layouts is downloaded, where there is a choice: the
 * first unless the member says otherwise.
 * Depends on dom.js, site.js, text.js.
 */

import { h } from '../dom.js';
import { site } from '../site.js';
import { label, t } from '../text.js';

const wordOf = (layout) => label(layout) || layout.name;

export class Layouts {
    /* "onchange" is called when another one was chosen. */
    constructor(onchange) {
        const { layouts } = site();

        this.name = '';     // the first
        this.element = layouts.length < 2 ? null
            : h('fieldset', { class: 'layouts' }, h('legend', {}, t('layouts')),
                layouts.map((layout, i) => h('label', { class: 'check' },
                    h('input', {
                        type: 'radio', name: 'layout', value: layout.name, checked: i === 0,
                        onchange: () => {
                            this.name = i ? layout.name : '';
                            onchange();
                        }
                    }), h('span', {}, wordOf(layout)))));
    }
}
