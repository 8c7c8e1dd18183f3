/*
 * The document's fixed words.  A table of UTF-8 text and nothing else.
 *
 * Depends on base.  Constant; any thread.
 */

#include "mc_wording.h"


#define text(s)  { s, sizeof(s) - 1 }


const mc_wording_t mc_wording = {
    .title         = text("会员证书"),
    .title_en      = text("MEMBERSHIP CERTIFICATE"),
    .subtitle      = text("电子会员证"),
    .document      = text("会员证书 Membership Certificate"),
    .national      = text("全国协会印章处"),
    .national_en   = text("NATIONAL SEAL PLACE"),
    .regional      = text("地方协会印章处"),
    .regional_en   = text("REGIONAL SEAL PLACE"),
    .seal          = text("印"),
    .serial        = text("证书序号"),
    .serial_en     = text("Serial No."),
    .issued        = text("发证日期"),
    .issued_en     = text("Date of issue"),

    .certify       = text("兹证明 "),
    .member_of_us  = text(" 为本会"),
    .member        = text("会员"),
    .member_open   = text("会员（"),
    .member_close  = text("）"),
    .stop          = text("，特发此证。"),
    .certify_en    = text("This is to certify that "),
    .member_of_en  = text(" is a member of "),
    .institute_en  = text("this institute"),
    .stop_en       = text("."),

    .year          = text("年"),
    .month         = text("月"),
    .day           = text("日"),
    .none          = text("—"),
    .months_en     = {
        text("January"), text("February"), text("March"), text("April"),
        text("May"), text("June"), text("July"), text("August"),
        text("September"), text("October"), text("November"),
        text("December")
    },
    .spare         = text("·男女非执业注册会计师省市协中国")
};
