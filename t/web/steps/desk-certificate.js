'use strict';

/* Certificates taken back and given back at the desk, and what that does. */

const fs = require('node:fs');

const { download } = require('./certificate.js');
const { Checker, confirm, logIn } = require('../lib/checks.js');
const { Desk } = require('../lib/desk.js');

const NUMBER = '330000097001';
const NAME = '白露晞';
const REASON = '照片与本人不符';

module.exports = async ({ assert, browser, demo, test }) => {
    const desk = new Desk(demo, browser);

    desk.officers = 200;
    desk.people([[NUMBER, NAME, '33', '2017-02-03'], ['310000097002', '白知秋', '31', '2017-02-03']]);

    const photos = demo.file('desk-photos');

    fs.mkdirSync(photos);
    fs.chmodSync(photos, 0o755);
    fs.writeFileSync(`${photos}/${NUMBER}.jpg`, demo.portrait(28));
    fs.writeFileSync(`${photos}/310000097002.jpg`, demo.portrait(29));
    demo.ctl('import', 'photos', photos);

    const { code, serial } = await confirm(await logIn(demo.url, NUMBER));
    const theirs = await confirm(await logIn(demo.url, '310000097002'));
    const officer = await desk.enter(['--institute', '33']);
    const { page } = officer;
    const anybody = await browser.member({ width: 390, height: 844 });
    const check = new Checker(anybody, demo.url);
    const member = await browser.member();
    const state = (wanted) => page.locator(`.versions tr[data-serial="${serial}"] .version-state`, { hasText: wanted })
        .waitFor();

    await member.enter(NUMBER);

    await test('X08 the desk lists a member\'s certificates with their state', async () => {
        await page.goto(`${demo.url}/officer/#/search`);
        await page.getByLabel('会员编号或姓名').fill(NUMBER);
        await page.keyboard.press('Enter');
        await page.locator('.row-link', { hasText: NAME }).click();
        await state('有效');
        assert.match(await officer.text('.versions-card'), /会员证记录[^]*有效/);
        assert.equal((await page.locator('.version-code').getAttribute('href')), `/v/#${code}`);
    });

    await test('X05 taking one back wants a reason; then the check page says so at once', async () => {
        await page.locator('[data-act=revoke]').click();
        await officer.dialog().waitFor();
        await officer.pressInDialog('撤销会员证');
        await page.locator('dialog .notice', { hasText: '请填写原因' }).waitFor();
        await officer.shot('desk-revoke', false);
        await officer.dialog().getByLabel('撤销原因').fill(REASON);
        await officer.pressInDialog('撤销会员证');
        await state('已撤销');
        await page.locator('.said .notice.good', { hasText: '会员证已撤销' }).waitFor();
        assert.match(await officer.text('.versions-card'), new RegExp(REASON));
        await officer.shot('desk-versions');
        assert.equal(await check.scan(code), 'revoked');
        assert.match(await check.words(), new RegExp(`^已撤销 于 \\d{4}年\\d+月\\d+日（${REASON}）$`));
        await anybody.shot('check-revoked');
    });

    await test('I13 the member is told why and what to do; the file is refused', async () => {
        await member.page.reload();
        await member.page.locator('.revoked .notice').waitFor();

        const words = await member.text('.revoked');

        assert.match(words, new RegExp(`已被撤销[^]*确认序号 ${serial} [^]*${REASON}[^]*再次点击【信息确认并下载会员证】`));
        await member.page.locator('.versions tr[data-state=revoked]').waitFor();

        const answer = await member.page.evaluate(async () => {
            const refused = await fetch('/api/certificate.pdf');

            return [refused.status, (await refused.json()).code];
        });

        assert.deepEqual(answer, [409, 'certificate_revoked']);
        await member.shot('certificate-revoked');
    });

    await test('X05 given back it is valid as before', async () => {
        await page.locator('[data-act=unrevoke]').click();
        await officer.dialog().getByLabel('恢复原因').fill('已核实');
        await officer.pressInDialog('恢复会员证');
        await state('有效');
        await page.locator('.said .notice.good', { hasText: '会员证已恢复' }).waitFor();
        assert.equal(await check.scan(code), 'valid');
        await member.page.reload();
        await member.page.locator('.versions tr[data-state=valid]').waitFor();
        assert.equal(await member.page.locator('.revoked .notice').count(), 0);
    });

    await test('I13 confirmed again after it was taken back: a new one, the old one stays revoked', async () => {
        await page.locator('[data-act=revoke]').click();
        await officer.dialog().getByLabel('撤销原因').fill(REASON);
        await officer.pressInDialog('撤销会员证');
        await state('已撤销');
        await member.page.reload();
        await member.page.locator('.revoked .notice').waitFor();

        const file = await download(member);

        assert.equal(file.bytes.subarray(0, 5).toString(), '%PDF-');
        await member.page.waitForFunction(() => [...document.querySelectorAll('.versions tbody tr')]
            .map((row) => row.dataset.state).join() === 'valid,revoked');
        assert.equal(await member.page.locator('.revoked .notice').count(), 0);
        assert.equal(await check.scan(code), 'revoked');
    });

    await test('I11 another institute\'s certificate cannot be taken back', async () => {
        const answer = await page.evaluate(async (number) => {
            const refused = await fetch('/officer/api/certificate/revoke', {
                method: 'POST', headers: { 'Content-Type': 'application/json' },
                body: JSON.stringify({ serial: number, reason: 'x' })
            });

            return [refused.status, (await refused.json()).code];
        }, theirs.serial);

        assert.deepEqual(answer, [404, 'not_found']);
        assert.equal(await check.scan(theirs.code), 'valid');
    });

    await test('X08 the list fits a narrow screen', async () => {
        await page.setViewportSize({ width: 320, height: 740 });
        assert.equal(await page.evaluate(() =>
            document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
        await officer.shot('desk-versions-320');
        await Promise.all([officer, anybody, member].map((one) => one.leave()));
    });
};
