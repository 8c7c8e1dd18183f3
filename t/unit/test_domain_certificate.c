/*
 * Unit tests of domain: the data on a certificate, its version and frozen
 * form (I08, I13).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "mc_certificate.h"


typedef struct {
    mc_arena_t        arena;
    mc_settings_t    *settings;
    mc_member_t       member;
    mc_institute_t    institute;
    mc_certificate_t  certificate;
} world_t;


static void
make_world(world_t *world)
{
    memset(world, 0, sizeof(*world));
    mc_arena_init(&world->arena, 262144);

    world->settings = mc_settings_create();
    assert_non_null(world->settings);
    world->settings->issuer = mc_str("中国注册会计师协会");
    world->settings->issuer_en = mc_str("The Institute");

    world->member.user_type = mc_str("nonpractising");
    world->member.member_no = mc_str("330001");
    world->member.columns[MC_COLUMN_NAME] = mc_str("𠮷小华");
    world->member.columns[MC_COLUMN_SEX] = mc_str("F");
    world->member.columns[MC_COLUMN_CATEGORY] = mc_str("非执业会员");
    world->member.columns[MC_COLUMN_CERTIFICATE_NO] = mc_str("FZ-0001");
    world->member.columns[MC_COLUMN_ADMITTED_ON] = mc_str("2015-06-01");
    world->member.columns[MC_COLUMN_INSTITUTE] = mc_str("33");

    world->institute.code = mc_str("33");
    world->institute.name = mc_str("浙江省注册会计师协会");
    world->institute.name_en = mc_str("Zhejiang Institute");

    assert_int_equal(mc_certificate_fill(&world->certificate,
                                         world->settings, &world->member,
                                         &world->institute, &world->arena),
                     MC_OK);
}


static void
free_world(world_t *world)
{
    mc_settings_free(world->settings);
    mc_arena_free(&world->arena);
}


static void
a_certificate_holds_what_the_member_is_shown_I08(void **state)
{
    static const struct {
        const char  *key;
        const char  *label;
        const char  *zh;
        const char  *en;
    } cases[] = {
        { "name", "姓名", "𠮷小华", "" },
        { "sex", "性别", "女", "Female" },
        { "category", "会员类别", "非执业会员", "Non-practising member" },
        { "certificate_no", "证书编号", "FZ-0001", "" },
        { "member_no", "会员编号", "330001", "" },
        { "admitted_on", "入会时间", "2015-06-01", "" },
        { "institute", "所属注协", "浙江省注册会计师协会",
          "Zhejiang Institute" },
    };

    size_t            i;
    world_t           world;
    mc_cert_field_t   field;
    const mc_text_t  *value;

    make_world(&world);
    assert_int_equal(mc_count(cases), MC_CERT_FIELDS);

    for (i = 0; i < mc_count(cases); i++) {
        field = (mc_cert_field_t) i;
        value = &world.certificate.values[i];

        assert_string_equal(mc_cert_key(field), cases[i].key);
        assert_true(mc_str_is(mc_cert_label(field).zh, cases[i].label));
        assert_true(mc_cert_label(field).en.len > 0);
        assert_true(mc_str_is(value->zh, cases[i].zh));
        assert_true(mc_str_is(value->en, cases[i].en));
    }

    assert_true(mc_str_is(world.certificate.issuer.zh,
                          "中国注册会计师协会"));
    assert_true(mc_str_is(world.certificate.issuer.en, "The Institute"));
    assert_false(world.certificate.has_photo);

    assert_string_equal(mc_cert_key(MC_CERT_FIELDS), "");
    assert_int_equal(mc_cert_label(MC_CERT_FIELDS).zh.len, 0);

    free_world(&world);
}


static void
a_category_falls_back_to_the_user_type(void **state)
{
    world_t     world;
    mc_text_t  *category;

    make_world(&world);
    category = &world.certificate.values[MC_CERT_CATEGORY];

    /* a word of the institute's own has no English */

    world.member.columns[MC_COLUMN_CATEGORY] = mc_str("名誉会员");
    assert_int_equal(mc_certificate_fill(&world.certificate, world.settings,
                                         &world.member, NULL, &world.arena),
                     MC_OK);
    assert_true(mc_str_is(category->zh, "名誉会员"));
    assert_int_equal(category->en.len, 0);

    /* no institute: no name */

    assert_int_equal(
        world.certificate.values[MC_CERT_INSTITUTE].zh.len, 0);

    world.member.columns[MC_COLUMN_CATEGORY] = mc_str_null;
    world.member.user_type = mc_str("practising");
    assert_int_equal(mc_certificate_fill(&world.certificate, world.settings,
                                         &world.member, NULL, &world.arena),
                     MC_OK);
    assert_true(mc_str_is(category->zh, "注册会计师"));
    assert_true(mc_str_is(category->en, "Certified public accountant"));

    free_world(&world);
}


static void
the_version_changes_with_every_part_and_nothing_else_I13(void **state)
{
    char               first[65], next[65], shifted[65];
    size_t             i;
    mc_str_t           kept;
    world_t            world;
    mc_certificate_t  *certificate;

    make_world(&world);
    certificate = &world.certificate;

    assert_int_equal(mc_certificate_version(certificate, first), MC_OK);
    assert_int_equal(strlen(first), 64);
    assert_int_equal(strspn(first, "0123456789abcdef"), 64);

    /* serial, time and code are no part of it */

    certificate->serial = 5;
    certificate->confirmed_at = 1;
    certificate->code = mc_str("code");
    assert_int_equal(mc_certificate_version(certificate, next), MC_OK);
    assert_string_equal(first, next);

    for (i = 0; i < MC_CERT_FIELDS; i++) {
        kept = certificate->values[i].zh;
        certificate->values[i].zh = mc_str("?");
        assert_int_equal(mc_certificate_version(certificate, next), MC_OK);
        assert_string_not_equal(first, next);
        certificate->values[i].zh = kept;

        kept = certificate->values[i].en;
        certificate->values[i].en = mc_str("?");
        assert_int_equal(mc_certificate_version(certificate, next), MC_OK);
        assert_string_not_equal(first, next);
        certificate->values[i].en = kept;
    }

    kept = certificate->issuer.en;
    certificate->issuer.en = mc_str("?");
    assert_int_equal(mc_certificate_version(certificate, next), MC_OK);
    assert_string_not_equal(first, next);
    certificate->issuer.en = kept;

    /* a photo of zero bytes' hash is not "no photo" */

    certificate->has_photo = true;
    assert_int_equal(mc_certificate_version(certificate, next), MC_OK);
    assert_string_not_equal(first, next);
    certificate->photo_sha256[31] = 1;
    assert_int_equal(mc_certificate_version(certificate, shifted), MC_OK);
    assert_string_not_equal(next, shifted);

    certificate->has_photo = false;
    assert_int_equal(mc_certificate_version(certificate, next), MC_OK);
    assert_string_equal(first, next);

    /* a letter cannot move from one value to the next */

    certificate->values[0].zh = mc_str("ab");
    certificate->values[0].en = mc_str("c");
    assert_int_equal(mc_certificate_version(certificate, next), MC_OK);
    certificate->values[0].zh = mc_str("a");
    certificate->values[0].en = mc_str("bc");
    assert_int_equal(mc_certificate_version(certificate, shifted), MC_OK);
    assert_string_not_equal(next, shifted);

    free_world(&world);
}


static void
frozen_data_reads_back_to_the_same_version_I08(void **state)
{
    int               photo;
    char              before[65], after[65];
    size_t            i;
    world_t           world;
    mc_buf_t          buf;
    mc_certificate_t  read;

    make_world(&world);
    world.certificate.values[MC_CERT_NAME].zh = mc_str("a\"\\<&>\x7F");
    world.certificate.serial = 9;

    for (photo = 0; photo < 2; photo++) {
        world.certificate.has_photo = photo == 1;
        memset(world.certificate.photo_sha256, 0xA5, 32);

        mc_buf_init(&buf, 8192);
        assert_int_equal(mc_certificate_write(&world.certificate, &buf),
                         MC_OK);
        assert_int_equal(mc_certificate_read(mc_buf_view(&buf), &world.arena,
                                             &read),
                         MC_OK);
        mc_buf_free(&buf);

        for (i = 0; i < MC_CERT_FIELDS; i++) {
            assert_true(mc_str_eq(read.values[i].zh,
                                  world.certificate.values[i].zh));
            assert_true(mc_str_eq(read.values[i].en,
                                  world.certificate.values[i].en));
        }

        assert_int_equal(read.has_photo, photo == 1);
        assert_int_equal(read.serial, 0);

        assert_int_equal(mc_certificate_version(&world.certificate, before),
                         MC_OK);
        assert_int_equal(mc_certificate_version(&read, after), MC_OK);
        assert_string_equal(before, after);
    }

    /* a buffer that is too small says so */

    mc_buf_init(&buf, 100);
    assert_int_equal(mc_certificate_write(&world.certificate, &buf),
                     MC_ETOOBIG);
    mc_buf_free(&buf);

    free_world(&world);
}


/* The frozen text with "from" replaced by "to", both of one length. */
static void
check_spoilt(mc_str_t text, const char *from, const char *to)
{
    char             *copy, *at;
    mc_arena_t        arena;
    mc_certificate_t  read;

    mc_arena_init(&arena, 262144);

    copy = mc_arena_alloc(&arena, text.len + 1);
    assert_non_null(copy);
    memcpy(copy, text.data, text.len);

    at = strstr(copy, from);
    assert_non_null(at);
    assert_int_equal(strlen(from), strlen(to));
    memcpy(at, to, strlen(to));

    assert_int_equal(mc_certificate_read((mc_str_t) { copy, text.len },
                                         &arena, &read),
                     MC_ECORRUPT);
    mc_arena_free(&arena);
}


static void
frozen_data_of_another_form_is_corrupt_I17(void **state)
{
    mc_buf_t          buf;
    mc_str_t          text;
    world_t           world;
    mc_arena_t        small;
    mc_certificate_t  read;

    make_world(&world);
    world.certificate.has_photo = true;

    mc_buf_init(&buf, 8192);
    assert_int_equal(mc_certificate_write(&world.certificate, &buf), MC_OK);
    text = mc_buf_view(&buf);

    check_spoilt(text, "\"format\":1", "\"format\":2");
    check_spoilt(text, "\"format\":1", "\"formed\":1");
    check_spoilt(text, "\"values\"", "\"Values\"");
    check_spoilt(text, "\"admitted_on\"", "\"Admitted_on\"");
    check_spoilt(text, "\"issuer\"", "\"Issuer\"");
    check_spoilt(text, "\"photo\":\"0", "\"photo\":\"g");
    check_spoilt(text, "\"photo\":\"000000",
                 "\"photo\":7,\"x\":\"");
    check_spoilt(text, "\"en\"", "\"EN\"");
    check_spoilt(text, "\"FZ-0001\"", "[1,2,3,4]");

    assert_int_equal(mc_certificate_read((mc_str_t) { text.data,
                                                      text.len - 1 },
                                         &world.arena, &read),
                     MC_ECORRUPT);
    assert_int_equal(mc_certificate_read(mc_str("[]"), &world.arena, &read),
                     MC_ECORRUPT);
    assert_int_equal(mc_certificate_read(mc_str_null, &world.arena, &read),
                     MC_ECORRUPT);

    mc_arena_init(&small, 64);
    assert_int_equal(mc_certificate_read(text, &small, &read), MC_ENOMEM);
    mc_arena_free(&small);

    mc_buf_free(&buf);
    free_world(&world);
}


static void
filling_without_memory_is_an_error(void **state)
{
    size_t      max;
    world_t     world;
    mc_arena_t  small;

    make_world(&world);

    for (max = 0; max < 512; max += 16) {
        mc_arena_init(&small, max);

        if (mc_certificate_fill(&world.certificate, world.settings,
                                &world.member, &world.institute, &small)
            == MC_OK)
        {
            mc_arena_free(&small);
            break;
        }

        assert_true(small.failed);
        mc_arena_free(&small);
    }

    assert_true(max >= 256 && max < 512);
    free_world(&world);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_certificate_holds_what_the_member_is_shown_I08),
        cmocka_unit_test(a_category_falls_back_to_the_user_type),
        cmocka_unit_test(
            the_version_changes_with_every_part_and_nothing_else_I13),
        cmocka_unit_test(frozen_data_reads_back_to_the_same_version_I08),
        cmocka_unit_test(frozen_data_of_another_form_is_corrupt_I17),
        cmocka_unit_test(filling_without_memory_is_an_error),
    };

    return cmocka_run_group_tests_name("domain: certificate", tests, NULL,
                                       NULL);
}
