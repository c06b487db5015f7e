// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/measurement/token_replacement.h"
#include "tests/engine/reading_cases.h"

#include <QTest>

#include <functional>

using namespace timestep;

namespace {

constexpr int steps = 23;
constexpr TokenId replacement = 200;

struct Fixture
{
    Fixture(ModelKind kind, bool causal)
        : model(smallModel(kind, steps), defaultKernels())
        , before(logitsAlone(model, ids, causal, executor))
    {
        settings.causal = causal;
    }

    ChangedReading replaced(int position, TokenId token)
    {
        return readWithReplacement(
            model, tokensOf(ids), before, { position, token }, settings, executor, {})
            .value();
    }
    std::vector<double> inTurn(int t, TokenId token)
    {
        return changesByEachToken(
            { model, executor, settings.causal }, ids, t, rowOf(before, t), token, {})
            .value();
    }

    std::vector<TokenId> ids = someIds(steps);
    Executor executor { 2 };
    PackedModel model;
    RunSettings settings;
    Matrix<float> before;
};

bool refused(const std::function<void()>& work)
{
    try {
        work();
    } catch (const Error&) {
        return true;
    }
    return false;
}

} // namespace

/// What is said of a replaced token: what a second real run shows, wherever it is read.
class TestTokenReplacement : public QObject
{
    Q_OBJECT
private slots:
    void theChangeIsThatOfTheChangedText_data() { addReaderRows(); }
    void theChangeIsThatOfTheChangedText()
    {
        QFETCH(int, kind);
        QFETCH(bool, causal);
        Fixture f(ModelKind(kind), causal);
        const ChangedReading reading = f.replaced(9, replacement);
        std::vector<TokenId> changed = f.ids;
        changed[9] = replacement;
        const Matrix<float> after = logitsAlone(f.model, changed, causal, f.executor);
        QVERIFY(reading.run.logits == after);
        for (int t = 0; t < steps; ++t) {
            const double bits = divergenceBits(rowOf(f.before, t), rowOf(after, t));
            QCOMPARE(reading.change.divergence[std::size_t(t)], bits);
            QCOMPARE(bits > 0, t >= 9 || !causal); // what comes before has not seen it
        }
        QCOMPARE(reading.change.following[12],
            likelierBits(rowOf(f.before, 12), rowOf(after, 12), f.ids[13]));
    }

    void theSameTokenChangesNothing_data() { addReaderRows(); }
    void theSameTokenChangesNothing()
    {
        QFETCH(int, kind);
        QFETCH(bool, causal);
        Fixture f(ModelKind(kind), causal);
        QCOMPARE(f.replaced(9, f.ids[9]).change.divergence, std::vector<double>(steps));
        QCOMPARE(f.replaced(9, f.ids[9]).change.following, std::vector<double>(steps - 1));
        QCOMPARE(f.inTurn(15, f.ids[9])[9], 0.0);
    }

    void eachTokenInTurnIsAsEachOneAlone_data() { addReaderRows(); }
    void eachTokenInTurnIsAsEachOneAlone()
    {
        QFETCH(int, kind);
        QFETCH(bool, causal);
        Fixture f(ModelKind(kind), causal);
        for (const int t : { 0, 15, steps - 1 }) {
            const std::vector<double> changes = f.inTurn(t, replacement);
            QCOMPARE(int(changes.size()), causal ? t + 1 : steps);
            for (std::size_t i = 0; i < changes.size(); ++i)
                QCOMPARE(
                    changes[i], f.replaced(int(i), replacement).change.divergence[std::size_t(t)]);
        }
    }

    void whatIsAskedForIsRecorded()
    {
        Fixture f(ModelKind::Lstm, true);
        QVERIFY(f.replaced(3, replacement).run.recording.cell.empty());
        f.settings.record = true;
        QCOMPARE(int(f.replaced(3, replacement).run.recording.cell[1].rows()), steps);
    }

    void whatIsNotThereIsRefused()
    {
        Fixture f(ModelKind::Lstm, true);
        QVERIFY(refused([&] { f.replaced(-1, replacement); }));
        QVERIFY(refused([&] { f.replaced(steps, replacement); }));
        QVERIFY(refused([&] { f.replaced(0, 257); }));
        QVERIFY(refused([&] { f.replaced(0, -1); }));
        QVERIFY(refused([&] { f.inTurn(0, 257); }));
    }

    void stoppingEndsIt()
    {
        Fixture f(ModelKind::Lstm, true);
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!readWithReplacement(f.model, tokensOf(f.ids), f.before, { 3, replacement },
            f.settings, f.executor, stop.get_token()));
        QVERIFY(!changesByEachToken(
            { f.model, f.executor }, f.ids, 9, rowOf(f.before, 9), replacement, stop.get_token()));
    }
};

QTEST_APPLESS_MAIN(TestTokenReplacement)
#include "tst_token_replacement.moc"
