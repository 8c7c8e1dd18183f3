'use strict';

/* Every certificate a member confirmed, and what the check page says of each. */

const fs = require('node:fs');

const { download } = require('./certificate.js');
const { Checker } = require('../lib/checks.js');
const { Desk } = require('../lib/desk.js');

const NUMBER = '330000096001';
const NAME = '苏映雪';

module.exports = async ({ assert, browser, demo, test }) => {
    const desk = new Desk(demo, browser);

    desk.people([[NUMBER, NAME, '33', '2018-03-04']]);

    const photos = demo.file('history-photos');

    fs.mkdirSync(photos);
    fs.chmodSync(photos, 0o755);
    fs.writeFileSync(`${photos}/${NUMBER}.jpg`, demo.portrait(26));
    demo.ctl('import', 'photos', photos);

    const member = await browser.member();
    const { page } = member;
    const anybody = await browser.member({ width: 390, height: 844 });
    const check = new Checker(anybody, demo.url);
    const rows = () => page.locator('.versions tbody tr').evaluateAll((all) => all.map((row) =>
        [row.dataset.state, row.querySelector('a').getAttribute('href').split('#')[1]]));
    const codes = [];

    /* The list with "count" rows, the newest of them in "state". */
    const listed = (count, state) => page.waitForFunction(([n, word]) => {
        const all = document.querySelectorAll('.versions tbody tr');

        return all.length === n && all[0].dataset.state === word;
    }, [count, state]);

    /* The institute changes something; the page is read again. */
    async function change(values) {
        const row = {
            user_type: 'nonpractising', member_no: NUMBER, name: NAME, institute: '33', ...values
        };

        fs.writeFileSync(demo.file('change.csv'),
            `${Object.keys(row).join()}\n${Object.values(row).join()}\n`);
        demo.ctl('import', 'members', demo.file('change.csv'));
        await page.reload();
        await member.confirmButton().waitFor();
    }

    await test('I13 nothing confirmed, nothing listed; then one, valid, with its check page', async () => {
        await member.enter(NUMBER);
        await page.getByText('会员证文件：PDF，确认后生成').waitFor();
        assert.equal(await page.locator('.versions').count(), 0);
        await download(member);
        await listed(1, 'valid');
        codes.push((await rows())[0][1]);
        assert.match(codes[0], /^[0-9A-HJKMNP-TV-Z]{16}$/);
        assert.equal(await check.scan(codes[0]), 'valid');
        assert.deepEqual((await check.facts()).name[0], NAME);
    });

    await test('I08 the check page has exactly what was confirmed', async () => {
        const facts = await check.facts();
        const shown = await page.locator('.data .pair').evaluateAll((all) => Object.fromEntries(
            all.map((pair) => [pair.children[0].innerText, pair.children[1].innerText])));

        assert.equal(facts.name[0], shown.姓名);
        assert.equal(facts.number[0], shown.证书编号);
        assert.equal(facts.category[0], shown.会员类别);
        assert.equal(facts.institute[0], shown.所属注协);
    });

    await test('I13 changed data is confirmed anew: the old certificate is replaced, here and there', async () => {
        await change({ category: '资深会员' });
        await page.getByText('上次确认后信息已变更').waitFor();
        await listed(1, 'valid');
        await download(member);
        await listed(2, 'valid');
        codes.unshift((await rows())[0][1]);
        assert.deepEqual(await rows(), [['valid', codes[0]], ['replaced', codes[1]]]);
        await member.shot('versions');
        assert.equal(await check.scan(codes[1]), 'replaced');
        assert.match(await check.words(), /^已换发 于 \d{4}年\d+月\d+日$/);
        assert.deepEqual((await check.facts()).category[0], '个人会员');
        await anybody.shot('check-replaced');
        assert.equal(await check.scan(codes[0]), 'valid');
        assert.deepEqual((await check.facts()).category[0], '资深会员');
    });

    await test('X05 a row leads to the check page of its certificate', async () => {
        const [popup] = await Promise.all([
            page.waitForEvent('popup'), page.locator('.version-code').first().click()
        ]);

        await popup.locator('.state-box[data-state=valid]').waitFor();
        await popup.close();
    });

    await test('X05 the switch decides whether the check page shows the photo, at once', async () => {
        const shown = page.getByRole('switch', { name: '在核验页显示照片' });

        assert.equal(await shown.isChecked(), false);
        assert.match(await anybody.text('.no-photo'), /会员未公开/);
        await shown.click();
        await page.getByText('核验页将显示您的照片').waitFor();
        await check.scan(codes[0]);
        await anybody.page.locator('.face img').waitFor();
        await page.reload();
        await shown.waitFor();
        assert.equal(await shown.isChecked(), true);
        await shown.click();
        await page.getByText('核验页不再显示您的照片').waitFor();
        await check.scan(codes[0]);
        await anybody.page.locator('.no-photo').waitFor();
    });

    await test('X05 a choice that could not be saved is taken back, and said', async () => {
        const shown = page.getByRole('switch', { name: '在核验页显示照片' });

        await page.route('**/api/consent', (route) => route.fulfill({ status: 503 }));
        await shown.click();
        await member.dialog().waitFor();
        await page.unroute('**/api/consent');
        await member.pressInDialog('确定');
        assert.equal(await shown.isChecked(), false);
    });

    for (const [status, state, words] of [['suspended', 'suspended', '会籍中止'], ['left', 'ended', '会员资格已终止'],
        ['deceased', 'ended', '会员资格已终止']]) {
        await test(`I14 X05 a member who is ${status}: the check page says so at once`, async () => {
            await change({ status });
            assert.equal(await check.scan(codes[0]), state);
            assert.equal(await check.words(), words);
            assert.equal(await check.scan(codes[1]), 'replaced');
        });
    }

    await test('I14 back in good standing the certificate is valid again', async () => {
        await change({ status: 'active' });
        assert.equal(await check.scan(codes[0]), 'valid');
        await listed(2, 'valid');
        await member.leave();
    });

    await test('X05 erased at the member\'s wish: no longer available, and nothing of it is shown', async () => {
        demo.ctl('member', 'erase', NUMBER, '--yes');
        assert.equal(await check.scan(codes[0]), 'erased');
        assert.equal(await check.words(), '已不可用');
        assert.doesNotMatch(await anybody.text(), new RegExp(NAME));
        await anybody.leave();
    });
};
