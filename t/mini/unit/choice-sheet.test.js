'use strict';

/* The picker of our own (S06, S07), in WeChat's simulator. */

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { draw, settle, tap, textOf } = require('../lib/simulate.js');

const OPTIONS = [{ value: 'a', words: '非执业会员' }, { value: 'b', words: '注册会计师' }];

test('S06 S07 the sheet marks one item, commits the one shown, and only by 【确定】', async () => {
    const { component, parent } = draw('components/choice-sheet/index', { label: '用户类型', value: 'a', options: OPTIONS });
    const changes = [];

    component.addEventListener('change', (event) => changes.push(event.detail.value));
    await settle();
    assert.match(textOf(parent), /^非执业会员/);
    assert.doesNotMatch(textOf(parent), /注册会计师/);

    await tap(component, '.pick-control');
    assert.match(textOf(parent), /取消 ?用户类型 ?确定/);
    assert.equal(component.data.marked, 'a');

    component.querySelectorAll('.pick-option')[1].dispatchEvent('tap');
    await settle();
    assert.equal(component.querySelectorAll('.pick-marked').length, 1);
    assert.equal(textOf(component.querySelector('.pick-marked').dom), '✓注册会计师');
    assert.deepEqual(changes, [], 'nothing is committed early');

    await tap(component, '.pick-side', 0);
    assert.equal(component.data.open, false);
    assert.deepEqual(changes, [], '取消 changes nothing');

    await tap(component, '.pick-control');
    assert.equal(component.data.marked, 'a', 'it begins with what is chosen');

    /* all in one moment: what the last tap showed is what counts */
    component.querySelectorAll('.pick-option')[1].dispatchEvent('tap');
    component.querySelectorAll('.pick-option')[0].dispatchEvent('tap');
    component.querySelectorAll('.pick-option')[1].dispatchEvent('tap');
    component.querySelectorAll('.pick-side')[1].dispatchEvent('tap');
    await settle();
    assert.deepEqual(changes, ['b']);
});
