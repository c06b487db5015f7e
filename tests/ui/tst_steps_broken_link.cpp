// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/broken_link.h"
#include "engine/measurement/prediction_change.h"
#include "engine/model/next_token.h"
#include "engine/model/reference_lstm.h"
#include "ui/models/next_tokens.h"
#include "ui/models/number_text.h"
#include "ui/session/session.h"
#include "ui/views/elided_label.h"
#include "ui/views/steps_broken_link.h"
#include "ui/views/steps_workspace.h"

#include <QPushButton>
#include <QTest>

#include <algorithm>

using namespace timestep;

namespace {

constexpr int patienceMs = 60000;

class Window
{
public:
    Window()
        : workspace(session)
    {
        workspace.resize(900, 500);
        workspace.show();
        session.setText("Ann has the red key and Bob");
        session.openModels({ "untrained" });
        if (!QTest::qWaitFor([this] { return session.run() && !session.busy(); }, patienceMs))
            qFatal("the text was not read");
    }

    void breakLinks(bool broken, int layer = -1)
    {
        Settings settings = session.settings();
        settings.breaksLink = broken;
        settings.plannedLayer = layer;
        session.setSettings(settings);
    }

    bool waitFor(const QString& part)
    {
        return QTest::qWaitFor(
            [&] { return line().isVisible() && line().fullText().contains(part); }, patienceMs);
    }

    /// The step whose link is broken in the plan; 0: none.
    int plannedBreak() const { return session.plannedPair()->lstm.plan.shape().brokenLink; }

    QPushButton& button() const
    {
        return *workspace.findChild<QPushButton*>(QStringLiteral("mostHarmfulLink"));
    }

    ElidedLabel& line() const
    {
        return *workspace.findChild<ElidedLabel*>(QStringLiteral("brokenLink"));
    }

    ElidedLabel& lineElsewhere() const
    {
        return *workspace.findChild<ElidedLabel*>(QStringLiteral("brokenLinkElsewhere"));
    }

    Session session;
    StepsWorkspace workspace;
};

/// The text read by the readable reference, whose states are all zero when `step` begins: what is
/// read from there on is read as a text of its own.
Matrix<float> logitsWithoutWhatPrecedes(const Run& run, int step)
{
    std::vector<TokenId> ids;
    for (int token = run.window.begin + step; token < run.window.end; ++token)
        ids.push_back(run.tokens[std::size_t(token)].id);
    const auto weights = std::get<LstmWeights<float>>(run.lstm->model->weights).cast<double>();
    return lstmLogits<double>(weights, lstmForward<double>(weights, ids).back().hidden)
        .cast<float>();
}

QString bits(const Matrix<float>& before, int step, const Matrix<float>& after, int row)
{
    const auto rowOf = [](const Matrix<float>& logits, int at) {
        return std::span(logits.row(at).data(), std::size_t(logits.cols()));
    };
    return numberLocale().toString(divergenceBits(rowOf(before, step), rowOf(after, row)), 'g', 2);
}

} // namespace

class TestStepsBrokenLink : public QObject
{
    Q_OBJECT
private slots:
    void isShownWhenAskedFor()
    {
        Window window;
        QVERIFY(!window.line().isVisible());
        window.breakLinks(true);
        QVERIFY(window.waitFor(QStringLiteral("instead of")));
        window.breakLinks(false);
        QVERIFY(!window.line().isVisible());
    }

    /// In all layers at once, nothing of what precedes is left.
    void theWrongPredictionIsThatOfARealRun()
    {
        Window window;
        const auto run = window.session.run();
        const int step = 4;
        const int last = run->window.count() - 1;
        window.session.selection().pinToken(run->window.begin + step);
        window.breakLinks(true);
        QVERIFY(window.waitFor(QStringLiteral("instead of")));
        const Matrix<float> wrong = logitsWithoutWhatPrecedes(*run, step);
        for (const int at : { step, last }) {
            const QString off = bits(run->lstm->logits, at, wrong, at - step);
            const QString said = (at == step ? window.line() : window.lineElsewhere()).fullText();
            QVERIFY2(said.contains(off + " bits off"), qPrintable(off + u'|' + said));
            QVERIFY(said.contains(
                QStringLiteral("instead of “%1”").arg(bestNextToken(*run->lstm, at).label)));
        }
    }

    /// Also where one layer alone is planned: no other may know what came before.
    void allLayersAreBroken()
    {
        const LstmIntervention broken = brokenLink({ .layers = 3 }, 5);
        QCOMPARE(broken.cutLinks.size(), std::size_t { 3 });
        for (int layer = 0; layer < 3; ++layer) {
            QVERIFY(broken.cuts(layer, 5) && !broken.cuts(layer, 4));
            QCOMPARE(broken.forgetGate(layer, 5, 0), std::optional<float>(0));
            QVERIFY(!broken.forgetGate(layer, 6, 0));
        }
    }

    void withoutAPinItIsWhereItDoesMostHarm()
    {
        Window window;
        window.breakLinks(true);
        QVERIFY(window.waitFor(QStringLiteral("instead of")));
        const auto run = window.session.run();
        const int steps = run->window.count();
        QVERIFY(window.line().fullText().startsWith(
            QStringLiteral("Most harm of %1 links").arg(steps - 1)));
        std::vector<BrokenLinkEffect> effects;
        for (int step = 1; step < steps; ++step) {
            const Matrix<float> wrong = logitsWithoutWhatPrecedes(*run, step);
            const auto rowOf = [](const Matrix<float>& logits, int row) {
                return std::span(logits.row(row).data(), std::size_t(logits.cols()));
            };
            const auto best = [&](const Matrix<float>& logits, int row) {
                return chooseToken(rowOf(logits, row), {}, 0);
            };
            effects.push_back({ divergenceBits(rowOf(run->lstm->logits, step), rowOf(wrong, 0)),
                best(run->lstm->logits, step) != best(wrong, 0) });
        }
        QCOMPARE(window.plannedBreak(), 1 + int(mostHarmful(effects)));
        window.session.setText("A"); // a single step has none before it
        QTRY_VERIFY_WITH_TIMEOUT(!window.line().isVisible(), patienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(window.plannedBreak(), 0, patienceMs);
    }

    void theOneThatDoesMostHarmIsAClickAway()
    {
        Window window;
        window.breakLinks(true);
        QVERIFY(window.waitFor(QStringLiteral("Most harm")));
        const int worst = window.plannedBreak();
        const int other = worst == 1 ? 2 : 1;
        const int begin = window.session.run()->window.begin;
        QVERIFY(!window.button().isVisible());
        window.session.selection().pinToken(begin + other);
        QTRY_COMPARE_WITH_TIMEOUT(window.plannedBreak(), other, patienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(window.button().isVisible(), patienceMs);
        QTest::mouseClick(&window.button(), Qt::LeftButton);
        QCOMPARE(window.session.selection().pinnedToken(), std::optional(begin + worst));
        QTRY_COMPARE_WITH_TIMEOUT(window.plannedBreak(), worst, patienceMs);
    }

    /// The plan shows what it would bring: the parts beside each other.
    void thePlanIsBrokenToo()
    {
        Window window;
        const int steps = window.session.run()->window.count();
        window.session.selection().pinToken(window.session.run()->window.begin + 4);
        window.breakLinks(true, 0);
        QTRY_COMPARE_WITH_TIMEOUT(window.plannedBreak(), 4, patienceMs);
        QCOMPARE(window.session.plannedPair()->lstm.chain, std::max(4, steps - 4));
        const auto* parts
            = window.workspace.findChild<ElidedLabel*>(QStringLiteral("lstmChainParts"));
        QCOMPARE(parts->fullText(),
            QStringLiteral("= %1 of %2 steps").arg(std::max(4, steps - 4)).arg(steps));
        window.breakLinks(false, 0);
        QTRY_COMPARE_WITH_TIMEOUT(window.plannedBreak(), 0, patienceMs);
        QCOMPARE(window.session.plannedPair()->lstm.chain, steps);
    }
};

QTEST_MAIN(TestStepsBrokenLink)
#include "tst_steps_broken_link.moc"
