// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/replacement_token.h"

#include <QTest>

using namespace timestep;

namespace {

const Tokenizer& tokenizer()
{
    static const Tokenizer bundled(Vocabulary::bundled());
    return bundled;
}

/// The bytes of the token that is read in place of `original`; the error where there is none.
QString meant(
    std::string_view typed, std::string_view original, const Tokenizer& read = tokenizer())
{
    const ReplacementToken found = replacementToken(read, typed, original);
    return found.token ? QString::fromStdString(std::string(read.vocabulary()->bytes(*found.token)))
                       : found.error;
}

} // namespace

class TestReplacementToken : public QObject
{
    Q_OBJECT
private slots:
    void aWordBeginsAsTheOneInItsPlace()
    {
        QCOMPARE(meant("key", " red"), QStringLiteral(" key"));
        QCOMPARE(meant(" key", " red"), QStringLiteral(" key"));
        QCOMPARE(meant("the", "red"), QStringLiteral("the"));
        QCOMPARE(meant(",", "."), QStringLiteral(","));
    }

    void whereThatIsNoTokenTheOtherWayIsTried()
    {
        QCOMPARE(meant("\n", " red"), QStringLiteral("\n"));
        const Tokenizer bytes(Vocabulary::singleBytes());
        QCOMPARE(meant("7", " ", bytes), QStringLiteral("7"));
        QCOMPARE(meant(" 7", "3", bytes), QStringLiteral("7"));
        QCOMPARE(meant(" ", "3", bytes), QStringLiteral(" "));
    }

    void whatIsNotOneTokenSaysWhatItIs()
    {
        const QString error = meant("the key", " red");
        QVERIFY2(error.contains("“the key” is 2 tokens: “the”, “ key”"), qPrintable(error));
        const QString many = meant("the key and the key and", " red");
        QVERIFY2(many.contains("6 tokens: “the”, “ key”, “ and”, “ the”, …"), qPrintable(many));
        QVERIFY(meant("", " red").contains("Type a token"));
    }
};

QTEST_GUILESS_MAIN(TestReplacementToken)
#include "tst_replacement_token.moc"
