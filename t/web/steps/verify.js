'use strict';

/* The check page: what anybody with a certificate in hand finds out (X05). */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');

const { Checker, confirm, logIn, withPhoto } = require('../lib/checks.js');
const { Desk } = require('../lib/desk.js');
const { body, makeKey, signed, utf8, utf16 } = require('../lib/statement.js');

const NUMBER = '330000095001';
const NAME = '江疏影';
const LARGEST = 5 << 20;
const WIRE_MOST = 60 << 10;

const overflow = (page) => page.evaluate(() =>
    document.documentElement.scrollWidth - document.documentElement.clientWidth);

module.exports = async ({ assert, browser, demo, test }) => {
    const desk = new Desk(demo, browser);

    desk.people([[NUMBER, NAME, '33', '2019-06-18'], ['330000095002', '顾清和', '33', '2020-01-01']]);

    const photos = demo.file('check-photos');

    fs.mkdirSync(photos);
    fs.chmodSync(photos, 0o755);
    fs.writeFileSync(`${photos}/${NUMBER}.jpg`, demo.portrait(22));
    fs.writeFileSync(`${photos}/330000095002.jpg`, demo.portrait(24));
    demo.ctl('import', 'photos', photos);

    const holder = await logIn(demo.url, NUMBER);
    const { code, serial } = await confirm(holder);
    const pdf = await holder('GET', 'certificate.pdf');
    const photo = await holder('GET', 'photo');
    const answer = await (await fetch(`${demo.url}/api/verify/${code}`)).json();
    const digits = answer.statement;
    const phone = await browser.member({ width: 390, height: 844 });
    const check = new Checker(phone, demo.url);
    const { page } = phone;

    /* The service says something else while "run" does. */
    async function answering(path, what, run) {
        await page.route(path, (route) => route.fulfill(what));

        try {
            await run();
        } finally {
            await page.unroute(path);
        }
    }

    await test('X05 valid is said in large letters, the signature is proved, both sides agree', async () => {
        assert.equal(await check.scan(digits), 'valid');
        assert.equal(await check.words(), '有效');
        assert.equal(await check.sign(), 'true');
        assert.deepEqual(await check.differing(), []);

        const facts = await check.facts();

        assert.deepEqual(facts.name, [NAME, NAME]);
        assert.deepEqual(facts.number, [`D${NUMBER}`, `D${NUMBER}`]);
        assert.deepEqual(facts.category, ['个人会员', '个人会员']);
        assert.equal(facts.at[0], facts.at[1]);
        assert.deepEqual(facts.institute, ['浙江省注册会计师协会']);
        assert.deepEqual(facts.member_status, ['正常']);
        assert.deepEqual(facts.serial, [String(serial)]);
        assert.match(await page.title(), /^有效 - /);
        assert.match(await phone.text('#footer'), /010-88250337/);
    });

    await test('X05 the photo is shown only where the member agreed, and compared with the signature', async () => {
        assert.match(await phone.text('.no-photo'), /会员未公开/);
        await holder('POST', 'consent', { document: 'verify_photo', version: '1', accepted: true });
        assert.equal(await check.scan(digits), 'valid');
        await page.locator('.face [data-found=photo_same]').waitFor();
        assert.equal(await page.locator('.face img').evaluate((one) => one.naturalWidth), 178);
        await phone.shot('check-valid');
    });

    await test('X05 another photo from the service is called out', async () => {
        await answering('**/photo', { contentType: 'image/jpeg', body: demo.portrait(3) }, async () => {
            assert.equal(await check.scan(digits), 'differ');
            await page.locator('.face [data-found=photo_other]').waitFor();
        });
    });

    await test('X05 a field that differs between statement and record is called out', async () => {
        await answering(`**/api/verify/${code}`, { json: { ...answer, name: '江疏月', photo: false } },
            async () => {
                assert.equal(await check.scan(digits), 'differ');
                assert.deepEqual(await check.differing(), ['name']);
                assert.match(await phone.text('.state-box'), /不一致[^]*请勿采信[^]*有效/);
                await phone.shot('check-differs');
            });
    });

    await test('X05 the code typed in any form finds the certificate, its statement with it', async () => {
        await page.goto('about:blank');
        await page.goto(check.url);
        await page.getByRole('heading', { name: '会员证核验', level: 1 }).waitFor();

        const input = page.getByLabel('核验码', { exact: true });
        const button = page.getByRole('button', { name: '核验', exact: true });

        await button.click();
        await page.getByText('请填写核验码').waitFor();
        await input.fill('1234');
        await button.click();
        await page.getByText('核验码不正确').waitFor();
        assert.equal(await input.getAttribute('aria-invalid'), 'true');
        await input.fill(` ${code.toLowerCase().match(/.{4}/g).join('-')} `);
        await page.keyboard.press('Enter');
        assert.equal(await check.state(), 'valid');
        assert.equal(await check.sign(), 'true');
        assert.equal(await page.evaluate(() => document.activeElement.className), 'state-word');
    });

    await test('X05 a forged or damaged statement is said to be one, a strange key as well', async () => {
        const { keys } = await (await fetch(`${demo.url}/api/keys`)).json();
        const own = makeKey();
        const forged = (id, name = '江疏月') => signed(body({
            key: { ...own, id }, code, date: answer.at, photo, number: utf8(answer.number),
            name: utf16(name), category: utf16('个人会员')
        }), own);

        assert.equal(await check.scan(forged(keys[0].id)), 'forged');
        assert.equal(await check.sign(), 'false');
        assert.match(await phone.text('.state-box'), /签名无效[^]*请勿采信[^]*有效/);
        assert.doesNotMatch(await phone.text('#page'), /江疏月/);
        await phone.shot('check-forged');
        assert.equal(await check.scan(forged(own.id)), 'differ');
        assert.equal(await check.sign(), 'no_key');
        assert.match(await phone.text('.sign'), new RegExp(`未知的签名密钥（${own.id}）`));
        assert.equal(await check.scan(forged(own.id, answer.name)), 'differ', 'even where every field agrees');
        await page.goto('about:blank');
        await page.goto(`${check.url}#${digits.slice(0, 99)}`);
        await page.getByText('二维码中的内容无法读取').waitFor();
    });

    await test('X05 an unknown code is said to be unknown', async () => {
        assert.equal(await check.scan('0000000000000000'), 'unknown');
        assert.equal(await check.words(), '查无此证');
        await phone.shot('check-unknown');
    });

    await test('X05 a PDF is compared with what was issued, letter by letter, and its picture', async () => {
        const changed = Buffer.from(pdf);

        changed[pdf.length - 40] ^= 1;
        await check.scan(digits);
        assert.deepEqual(await check.file('same.pdf', pdf), ['file_same', 'picture_same']);
        await phone.shot('check-file');
        assert.deepEqual(await check.file('changed.pdf', changed), ['file_other', 'picture_held']);
        assert.deepEqual(await check.file('swapped.pdf', withPhoto(pdf, demo.portrait(3))),
            ['file_other', 'picture_other']);
        assert.match(await phone.text('.file .said'), /照片被替换过/);
    });

    await test('X05 a file that is malformed, encrypted or huge cannot be read, and nothing breaks', async () => {
        const locked = demo.file('locked.pdf');

        fs.writeFileSync(demo.file('open.pdf'), pdf);
        execFileSync('qpdf', ['--encrypt', 'x', 'y', '256', '--', demo.file('open.pdf'), locked]);

        for (const [name, bytes] of [['empty', Buffer.alloc(0)], ['jpeg', demo.portrait(3)],
            ['half', pdf.subarray(0, pdf.length / 2)], ['locked', fs.readFileSync(locked)],
            ['huge', Buffer.concat([pdf, Buffer.alloc(LARGEST)])]]) {
            assert.deepEqual(await check.file(`${name}.pdf`, bytes), ['file_unread'], name);
        }

        assert.match(await phone.text('.file .said'), /无法读取/);
    });

    await test('X05 a file that is dropped is read, and nothing of it is sent', async () => {
        const requests = [];

        page.on('request', (request) => requests.push(request.url()));
        await page.locator('.file .said').evaluate((said) => said.replaceChildren());
        await page.locator('.drop').evaluate((place, base64) => {
            const data = new DataTransfer();

            data.items.add(new File([Uint8Array.from(atob(base64), (one) => one.charCodeAt())], 'a.pdf'));
            place.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
        }, pdf.toString('base64'));
        await page.locator('.file [data-found=file_same]').waitFor();
        assert.deepEqual(requests, []);
    });

    await test('X05 with the network off the page loads, proves the statement and says what it cannot', async () => {
        await check.scan(digits);
        await check.kept();
        await phone.context.setOffline(true);
        assert.equal(await check.scan(digits), 'offline');
        assert.equal(await check.words(), '离线：签名真实；当前状态需联网查询');
        assert.equal(await check.sign(), 'true');
        assert.deepEqual((await check.facts()).name, [NAME]);
        assert.equal(await page.locator('.brand-name').innerText(), '示例注册会计师协会');
        await phone.shot('check-offline');
    });

    await test('X05 a swapped photo with a kept QR code is caught with the network off', async () => {
        assert.deepEqual(await check.file('good.pdf', pdf), ['file_no_list', 'picture_held']);
        assert.match(await phone.text('.file .said'), /才能确定显示的就是这张照片/);
        assert.deepEqual(await check.file('swapped.pdf', withPhoto(pdf, demo.portrait(3))),
            ['file_no_list', 'picture_other']);
        await phone.shot('check-offline-swapped');
    });

    await test('X05 offline a forged statement is caught, a bare code proves nothing', async () => {
        const at = digits.length - 9;
        const wrong = digits.slice(0, at) + (Number(digits[at]) + 1) % 10 + digits.slice(at + 1);

        assert.equal(await check.scan(wrong), 'forged');
        assert.equal(await check.scan(code), 'unproved');
        assert.match(await phone.text('.state-box'), /无法核验[^]*未能连接/);
    });

    await test('X05 no answer about a certificate and no photo is ever kept', async () => {
        const kept = await page.evaluate(async () => (await Promise.all((await caches.keys())
            .map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) =>
                new URL(url).pathname)))).flat());

        assert.ok(kept.includes('/api/keys') && kept.includes('/v/'), kept.join());
        assert.deepEqual(kept.filter((one) => /verify|photo/.test(one)), []);
    });

    await test('X05 back in the network the state comes by itself', async () => {
        await check.scan(digits);
        await phone.context.setOffline(false);
        await page.locator('.state-box[data-state=valid]').waitFor();
        await phone.leave();
    });

    await test('X05 where the browser offers no cryptography the page says so, and still compares', async () => {
        const plain = await browser.member();
        const other = new Checker(plain, demo.url);

        await plain.page.addInitScript(() =>
            Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined }));
        assert.equal(await other.scan(digits), 'valid');
        assert.equal(await other.sign(), 'no_crypto');
        assert.match(await plain.text('.sign'), /https/);
        await plain.page.locator('.face [data-found=photo_unproved]').waitFor();
        assert.deepEqual(await other.file('a.pdf', pdf), ['file_same', 'photo_unproved']);
        await plain.leave();
    });

    await test('X05 too many checks: when to come back', async () => {
        await demo.with('membercert_verify limit=2/10m;', async () => {
            const hasty = await browser.member();
            const other = new Checker(hasty, demo.url);
            let state = '';

            for (let i = 0; i < 5 && state !== 'signed_only'; i += 1) {
                state = await other.scan(digits);
            }

            assert.equal(state, 'signed_only');
            assert.match(await hasty.text('.state-box'), /\d+ 分钟后再试/);
            await hasty.leave();
        });
    });

    for (const [locale, width] of [['zh-CN', 320], ['en-US', 320], ['en-US', 1000]]) {
        await test(`X05 I16 the page fits a screen of ${width} pixels (${locale}), with places to press`, async () => {
            const member = await browser.member({ width, height: 740, locale });
            const other = new Checker(member, demo.url);

            for (const fragment of [digits, '0000000000000000']) {
                await other.scan(fragment);
                assert.equal(await overflow(member.page), 0);
                assert.deepEqual(await member.page.evaluate(() => [...document.querySelectorAll('button, .button, #code')]
                    .map((one) => Math.round(one.getBoundingClientRect().height))
                    .filter((height) => height < 44)), []);
                await member.shot(`check-${width}-${locale}`);
            }

            await member.leave();
        });
    }

    await test('X05 I16 both languages, the switch keeps the result; the dictionaries agree', async () => {
        const member = await browser.member();
        const other = new Checker(member, demo.url);

        await other.scan(digits);
        await member.page.getByRole('button', { name: 'English' }).click();
        await member.page.getByRole('heading', { name: 'Valid', exact: true }).waitFor();
        assert.equal(await member.page.evaluate(() => document.documentElement.lang), 'en');

        const [zh, en] = await member.page.evaluate(async () => (await Promise.all(['zh', 'en']
            .map((one) => import(`/v/js/text-${one}.js`)))).map((one) => one.default));
        const places = (text) => (text.match(/\{\w+\}/g) || []).sort().join();

        assert.deepEqual(Object.keys(en), Object.keys(zh));

        for (const key of Object.keys(zh).filter((one) => one !== 'date')) {
            assert.equal(places(en[key]), places(zh[key]), key);
        }

        await member.leave();
    });

    await test('X05 on paper the result stands alone', async () => {
        const member = await browser.member();

        await new Checker(member, demo.url).scan(digits);
        await member.page.emulateMedia({ media: 'print' });

        for (const hidden of ['form', '.drop', '.language']) {
            assert.equal(await member.page.locator(hidden).first().isVisible(), false, hidden);
        }

        assert.equal(await member.page.locator('.state-word').isVisible(), true);
        await member.leave();
    });

    await test('X05 the page is small, and says so without script', async () => {
        const member = await browser.member({ serviceWorkers: 'block' });
        const sizes = [];

        member.page.on('requestfinished', (request) => {
            if (!/\/api\//.test(request.url())) {
                sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
            }
        });
        await new Checker(member, demo.url).scan(digits);

        const bytes = (await Promise.all(sizes)).reduce((all, one) => all + one, 0);

        assert.ok(bytes > 10000 && bytes <= WIRE_MOST, `${bytes} bytes`);
        await member.leave();

        const bare = await browser.member({ javaScriptEnabled: false });

        await bare.page.goto(`${demo.url}/v/`);
        assert.match(await bare.text(), /需要启用 JavaScript[^]*010-88250337/);
        await bare.leave();
    });
};
