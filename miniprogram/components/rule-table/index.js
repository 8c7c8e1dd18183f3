/* What a check found, by rule: ✓ or ✗ with measured and allowed (I09). */


import { makeComponent } from '../../utils/component.js';

makeComponent({
    groups: ['rule'],
    properties: { rows: { type: Array, value: [] } },
});
