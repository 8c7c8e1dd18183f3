/* A box (or, "round", one of several) to tick, with its words beside it. */

import { makeComponent } from '../../utils/component.js';

makeComponent({
    options: { multipleSlots: false },
    properties: { checked: Boolean, round: Boolean, words: String },
    methods: {
        toggle() {
            this.triggerEvent('change', { checked: this.data.round ? true : !this.data.checked });
        }
    }
});
