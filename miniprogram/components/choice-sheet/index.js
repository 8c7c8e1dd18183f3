/*
 * A choice of our own (S06, S07): the sheet lists what there is, the item
 * that is chosen is bold and black, and 【确定】 commits the one that is shown
 * as chosen, whatever the timing of finger and drawing.
 */


import { makeComponent } from '../../utils/component.js';

makeComponent({
    groups: ['choice'],
    properties: {
        label: String, value: String, options: { type: Array, value: [] },
        empty: String, required: Boolean, invalid: Boolean
    },
    data: { open: false, marked: '', shown: '' },
    observers: {
        'value, options, empty'(value, options, empty) {
            const found = options.find((one) => one.value === value);

            this.setData({ shown: found ? found.words : '', hollow: !found && Boolean(empty) });
        }
    },
    methods: {
        raise() {
            const { options, value } = this.data;
            const known = options.some((one) => one.value === value);

            this.setData({
                open: true, marked: known ? value : (options[0] ? options[0].value : '')
            });
        },

        mark(event) {
            this.setData({ marked: event.currentTarget.dataset.value });
        },

        commit() {
            const { marked, value } = this.data;

            this.setData({ open: false });

            if (marked !== value) {
                this.triggerEvent('change', { value: marked });
            }
        },

        lower() {
            this.setData({ open: false });
        },

        still() {}
    }
});
