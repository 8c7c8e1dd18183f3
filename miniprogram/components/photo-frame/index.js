/* The frame of 178:220 with the photo, or the words of why there is none. */

import { makeComponent } from '../../utils/component.js';

makeComponent({
    properties: { src: String, words: String, alt: String },
    methods: {
        onError() {
            this.triggerEvent('unreadable', {});
        }
    }
});
