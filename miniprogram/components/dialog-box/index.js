/*
 * A prompt over the page: words, a list, where "entry" says so a password,
 * buttons, and the hot line below.
 */

import { makeComponent } from '../../utils/component.js';

makeComponent({
    groups: ['hotline'],
    properties: { model: { type: Object, value: null } },
    observers: {
        model() {
            this.typed = '';
        }
    },
    methods: {
        onEntry({ detail }) {
            this.typed = detail.value;
        },

        answer(value) {
            this.triggerEvent('answer', { value, typed: this.typed });
        },

        press(event) {
            this.answer(event.currentTarget.dataset.value);
        },

        /* the key of the keyboard is the button in bold */
        onEntered() {
            this.answer('ok');
        },

        /* what lies below is not moved by a finger on the prompt */
        still() {}
    }
});
