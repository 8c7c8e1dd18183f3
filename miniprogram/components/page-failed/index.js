/* Instead of a page that cannot be shown: why, and a way to try again. */


import { makeComponent } from '../../utils/component.js';

makeComponent({
    groups: ['failed'],
    properties: { lines: { type: Array, value: [] } },
    methods: {
        again() {
            this.triggerEvent('again', {});
        }
    }
});
