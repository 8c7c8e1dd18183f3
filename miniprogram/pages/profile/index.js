/*
 * 1.3-1 完善信息: the whole form, * for what is required (S37), one button
 * 【保存并提交信息】 (S39) that leads back to the certificate.  Only what changed
 * is sent, with the revision it was read at; when somebody else saved in
 * between, both values are shown.  What was typed survives the session.
 */

import { getMember, saveMember } from '../../utils/api.js';
import { ownerOf, putDraft, takeDraft } from '../../utils/draft.js';
import { backTo } from '../../utils/nav.js';
import { makePage } from '../../utils/page.js';
import { asProblem, wordsOf } from '../../utils/problem.js';
import { loadSite, site } from '../../utils/site.js';
import { label, pick, showDate, t } from '../../utils/text.js';

const CONFLICT = 412;
const INVALID = 422;

const isChoice = ({ type }) => type === 'sex' || type === 'institute';

function optionsOf(field) {
    if (field.type === 'sex') {
        return [{ value: 'M', words: t('profile_sex_m') }, { value: 'F', words: t('profile_sex_f') }];
    }

    return field.type === 'institute'
        ? (site().institutes || []).map((one) => ({ value: one.code, words: pick(one, 'name') })) : [];
}

/* What stands in the input before anything is typed: of a hidden value, nothing. */
function startOf(field) {
    if (field.sensitive) {
        return '';
    }

    if (!isChoice(field)) {
        return field.value;
    }

    const shown = [field.value, field.value_en];
    const found = optionsOf(field).find((one) => shown.includes(one.value)
        || shown.includes(one.words));

    return found ? found.value : '';
}

function hintOf(field) {
    return [
        ['phone', 'postcode'].includes(field.type) ? t(`profile_format_${field.type}`) : '',
        field.sensitive && field.value ? t('profile_hidden', { mask: field.value }) : ''
    ].filter(Boolean).join(t('profile_sentence'));
}

function rowOf(field) {
    return {
        key: field.key, label: label(field), required: field.required, value: startOf(field),
        kind: isChoice(field) ? 'choice' : field.type === 'date' ? 'date' : field.type,
        options: optionsOf(field), most: field.max, hint: hintOf(field), fault: '', theirs: '',
        placeholder: field.sensitive ? field.value : ''
    };
}

makePage({
    groups: ['profile'],
    title: 'profile_title',
    data: { ready: false, rows: [], fixed: [], contact: '', status: '', summary: null, restored: false },

    onLoad({ from }) {
        this.from = from;
        this.load();
    },

    onUnload() {
        const values = this.owner && !this.done ? this.changes() : {};

        if (Object.keys(values).length) {
            putDraft('profile', this.owner, { values, revision: this.member.revision });
        }
    },

    async load() {
        try {
            await loadSite().catch(() => { /* only the institutes' names are missing */ });
            this.draw(await getMember());
            this.restore();
        } catch (error) {
            this.fail(error);
        }
    },

    draw(member) {
        const { institute } = member;

        this.member = member;
        this.owner = ownerOf(member);
        this.starts = {};

        for (const field of member.fields) {
            this.starts[field.key] = startOf(field);
        }

        this.setData({
            ready: true, failed: null, hotline: site().hotline, status: label(member.status),
            contact: `${pick(institute, 'name')} ${institute.contact || ''} ${institute.phone || ''}`,
            rows: member.fields.filter((field) => field.editable).map(rowOf),
            fixed: member.fields.filter((field) => !field.editable).map((field) => ({
                key: field.key, label: label(field), required: field.required,
                value: showDate(pick(field, 'value')), missing: field.missing
            }))
        });
    },

    restore() {
        const draft = takeDraft('profile', this.owner);

        if (!draft) {
            return;
        }

        this.setData({
            restored: true,
            rows: this.data.rows.map((row) => (row.key in draft.values
                ? { ...row, value: draft.values[row.key] } : row))
        });
        this.revision = draft.revision;
    },

    /* New values by key. */
    changes() {
        return Object.fromEntries(this.data.rows
            .map((row) => [row.key, row.value.trim()])
            .filter(([key, value]) => value !== this.starts[key]));
    },

    onChange(event) {
        const { index } = event.currentTarget.dataset;

        this.setData({ [`rows[${index}].value`]: event.detail.value });
    },

    onTake(event) {
        const { index } = event.currentTarget.dataset;
        const { key } = this.data.rows[index];

        this.setData({
            [`rows[${index}].value`]: this.starts[key], [`rows[${index}].theirs`]: ''
        });
    },

    /* Required, empty, and with nothing stored that stays. */
    empties() {
        const kept = (key) => this.member.fields.find((field) => field.key === key);

        return this.data.rows.filter((row) => row.required && !row.value.trim()
            && !(kept(row.key).sensitive && kept(row.key).value))
            .map((row) => ({ key: row.key, words: t('profile_need', { field: row.label }) }));
    },

    showFaults(faults) {
        const words = (key) => (faults.find((fault) => fault.key === key) || { words: '' }).words;

        this.setData({
            rows: this.data.rows.map((row) => ({ ...row, fault: words(row.key) })),
            summary: faults.length ? {
                kind: 'bad', title: t('profile_errors', { n: faults.length }),
                lines: faults.map((fault) => fault.words)
            } : null
        });

        if (faults.length) {
            wx.pageScrollTo({ scrollTop: 0, duration: 200, fail() {} });
        }
    },

    /* 412: what is saved now goes beside what was typed; nothing is lost. */
    showConflict(member) {
        const typed = this.changes();
        const before = this.member;
        const was = (key) => before.fields.find((field) => field.key === key);

        this.draw(member);
        this.revision = 0;
        this.setData({
            rows: this.data.rows.map((row) => {
                const now = member.fields.find((field) => field.key === row.key);
                const changed = was(row.key) && was(row.key).value !== now.value;

                return row.key in typed ? {
                    ...row, value: typed[row.key],
                    theirs: changed && !now.sensitive
                        ? t('profile_theirs', { value: now.value || t('profile_empty') }) : ''
                } : row;
            }),
            summary: {
                kind: 'warn', title: t('profile_conflict'), lines: [t('profile_conflict_more')]
            }
        });
        wx.pageScrollTo({ scrollTop: 0, duration: 200, fail() {} });
    },

    save() {
        return this.work('save', async () => {
            const empty = this.empties();
            const values = this.changes();

            this.showFaults(empty);

            if (empty.length) {
                return;
            }

            if (Object.keys(values).length) {
                await this.send(values);
            } else {
                await this.saved(this.member);
            }
        });
    },

    async send(values) {
        try {
            const member = await saveMember(this.revision || this.member.revision, values);

            await this.saved(member);
        } catch (error) {
            const problem = asProblem(error);

            if (problem.status === CONFLICT && problem.member) {
                this.showConflict(problem.member);
            } else if (problem.status === INVALID) {
                this.showFaults(problem.errors.map((one) => ({ key: one.field, words: wordsOf(one) })));
            } else {
                throw problem;
            }
        }
    },

    /* Back to the certificate (S39, S41), where the entry is checked anew. */
    async saved(member) {
        const missing = member.fields.filter((field) => field.missing).map(label);

        this.done = true;
        await this.prompt({
            heading: t('profile_saved'), kind: 'good', hotline: missing.length > 0,
            lines: [missing.length
                ? t('profile_saved_missing', { items: missing.join(t('profile_comma')) })
                : t('profile_saved_more')]
        });

        if (this.alive) {
            backTo('certificate');
        }
    }
});
