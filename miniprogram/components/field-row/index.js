/*
 * One item of a form: label with *, an input of its kind (or a choice), a
 * hint, the fault below it, and what somebody else saved meanwhile.
 */


const KINDS = { phone: 'number', postcode: 'number', code: 'number' };
const MOST = { code: 8, postcode: 6 };

import { makeComponent } from '../../utils/component.js';

makeComponent({
    groups: ['field'],
    properties: {
        label: String, value: String, kind: { type: String, value: 'text' }, required: Boolean,
        hint: String, fault: String, placeholder: String, most: { type: Number, value: 0 },
        options: { type: Array, value: [] }, theirs: String, shut: Boolean
    },
    data: { input: 'text', length: 140, shown: false },
    observers: {
        'kind, most'(kind, most) {
            this.setData({ input: KINDS[kind] || 'text', length: most || MOST[kind] || 1024 });
        }
    },
    methods: {
        tell(value) {
            this.triggerEvent('change', { value });
        },

        onInput({ detail }) {
            this.tell(detail.value);
        },

        onConfirm() {
            this.triggerEvent('confirm', {});
        },

        onBlur() {
            this.triggerEvent('leave', {});
        },

        onChoice({ detail }) {
            this.tell(detail.value);
        },

        onDate({ detail }) {
            this.tell(detail.value);
        },

        reveal() {
            this.setData({ shown: !this.data.shown });
        },

        takeTheirs() {
            this.triggerEvent('take', {});
        }
    }
});
