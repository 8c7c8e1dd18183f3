/* The photo rules in the manual's words (S27-S32). */

import { makeComponent } from '../../utils/component.js';
import { ruleNumbers } from '../../utils/rules.js';
import { t } from '../../utils/text.js';

makeComponent({
    groups: ['rules'],
    data: { rules: [] },
    lifetimes: {
        attached() {
            this.setData({
                rules: ['rule_words_1', 'rule_words_2', 'rule_words_3']
                    .map((key) => t(key, ruleNumbers()))
            });
        }
    }
});
