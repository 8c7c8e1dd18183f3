/* A prompt over the page: words, a list, buttons, and the hot line below. */


import { makeComponent } from '../../utils/component.js';

makeComponent({
    groups: ['hotline'],
    properties: { model: { type: Object, value: null } },
    methods: {
        press(event) {
            this.triggerEvent('answer', { value: event.currentTarget.dataset.value });
        },

        /* what lies below is not moved by a finger on the prompt */
        still() {}
    }
});
