// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bundled_test_models.h"
#include "tests/program.h"
#include "ui/session/session.h"
#include "ui/views/explained_choice.h"
#include "ui/views/main_window.h"
#include "ui/views/message_bar.h"
#include "ui/views/more_panel.h"
#include "ui/views/pair_picker.h"
#include "ui/views/text_field.h"
#include "ui/views/top_bar.h"
#include "ui/views/workspaces.h"

#include <QAbstractItemView>
#include <QImage>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>

using namespace timestep;
namespace fs = std::filesystem;

namespace {

constexpr int patienceMs = 60000;
const std::string typed = "Ann has the red key";

} // namespace

/// A window with trained pairs among which one chooses: of words, of single bytes, and untrained.
class TestPairPicker : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        makeBundledTestResources(m_resources);
        qputenv("TIMESTEP_RESOURCES", QByteArray::fromStdString(m_resources.string()));
    }

    void init()
    {
        m_session = std::make_unique<Session>();
        m_session->setText(typed);
        m_window = std::make_unique<MainWindow>(*m_session);
        addWorkspaces(*m_window, *m_session);
        m_window->resize(1280, 720);
        m_window->showWorkspace(1);
        m_window->show();
        m_window->activateWindow();
        m_session->openModels({});
        waitUntilIdle();
    }

    void cleanup()
    {
        m_window.reset();
        m_session.reset();
    }

    void thePairsAreListedWithWhatTheyShow()
    {
        QCOMPARE(picker()->accessibleName(), QString("Models"));
        QCOMPARE(picker()->count(), 3);
        QCOMPARE(picker()->currentText(), QString("Words"));
        QCOMPARE(picker()->accessibleDescription(), QString("Reads words."));
        QCOMPARE(picker()->toolTip(), QString("Models: Words. Reads words."));
        QCOMPARE(picker()->itemText(1), QString("Single bytes"));
        QCOMPARE(picker()->itemData(1, Qt::AccessibleTextRole).toString(),
            QString("Single bytes. Reads bytes, one by one."));
        QCOMPARE(picker()->itemText(2), QString("Untrained"));
        QVERIFY(!shows("both models are untrained"));

        picker()->setFocus();
        QTest::keyClick(picker(), Qt::Key_Space);
        QTRY_VERIFY(picker()->view()->isVisible());
        // There is room for the sentence below the title.
        const QRect row = picker()->view()->visualRect(picker()->model()->index(1, 0));
        QVERIFY(row.height() > 3 * picker()->fontMetrics().height() / 2);
        QVERIFY(row.width() > picker()->fontMetrics().horizontalAdvance(picker()->itemText(1)));
        QTest::keyClick(picker()->view(), Qt::Key_Escape);
        QTRY_VERIFY(!picker()->view()->isVisible());
        QCOMPARE(pairs(), names("word-lstm", "word-attention"));
    }

    void thePairIsChosenByKeys()
    {
        choose(Qt::Key_Down);
        QCOMPARE(pairs(), names("byte-lstm", "byte-attention"));
        QCOMPARE(picker()->currentText(), QString("Single bytes"));
        QCOMPARE(picker()->accessibleDescription(), QString("Reads bytes, one by one."));
        QCOMPARE(m_session->text(), typed);
        QCOMPARE(m_session->tokenized()->count(), static_cast<int>(typed.size()));
        QCOMPARE(m_session->run()->lstm->model->name, std::string("byte-lstm"));
        QVERIFY(!shows("both models are untrained"));

        choose(Qt::Key_End);
        QCOMPARE(pairs(), names("untrained-lstm", "untrained-attention"));
        QVERIFY(shows("both models are untrained"));
        QCOMPARE(m_session->text(), typed);
        QVERIFY(m_session->tokenized()->count() < static_cast<int>(typed.size()));
    }

    void otherTokensAreOfferedATextThatSuits()
    {
        choose(Qt::Key_Down);
        QVERIFY2(message().contains("Asks for q3."), qPrintable(message()));
        QCOMPARE(m_session->text(), typed);
        QVERIFY(offer()->isVisible());
        QCOMPARE(offer()->text(), QString("Use “Recall”"));
        QTest::mouseClick(offer(), Qt::LeftButton);
        QCOMPARE(m_session->text(), std::string("q3=7 a9=1 q3="));
        QVERIFY(message().isEmpty());
        waitUntilIdle();
        auto* field = m_window->findChild<TextField*>();
        QTest::keyClick(field, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(m_session->text(), typed);
        QCOMPARE(pairs(), names("byte-lstm", "byte-attention"));
    }

    void nothingIsOfferedWhereNothingIsNeeded()
    {
        choose(Qt::Key_End); // of the same vocabulary
        QVERIFY(message().isEmpty());
        m_session->setText("q3=7 a9=1 a9=");
        choose(Qt::Key_Up);
        QCOMPARE(pairs(), names("byte-lstm", "byte-attention"));
        QVERIFY2(message().isEmpty(), qPrintable(message())); // one of its samples is there
    }

    void anOfferIsWithdrawn_data()
    {
        QTest::addColumn<QString>("by");
        for (const char* by : { "another pair", "a sample" })
            QTest::newRow(by) << by;
    }
    void anOfferIsWithdrawn()
    {
        QFETCH(const QString, by);
        choose(Qt::Key_Down);
        QVERIFY(offer()->isVisible());
        if (by == "a sample")
            sample("Any")->trigger();
        else
            m_session->openModels({ "byte-lstm-8" });
        waitUntilIdle();
        QVERIFY2(message().isEmpty(), qPrintable(message()));
    }

    void theWheelChangesNoModels()
    {
        QWheelEvent turned(QPointF(5, 5), picker()->mapToGlobal(QPointF(5, 5)), {}, { 0, -120 },
            Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(picker(), &turned);
        QCOMPARE(picker()->currentText(), QString("Words"));
        QCOMPARE(pairs(), names("word-lstm", "word-attention"));
    }

    void aPairThatCannotBeReadIsToldAndNothingIsLost()
    {
        const fs::path weights = m_resources / "models/byte-lstm/model.safetensors";
        const fs::path away = m_resources / "away";
        fs::rename(weights, away);
        choose(Qt::Key_Down);
        fs::rename(away, weights);
        QVERIFY2(message().contains("byte-lstm/model.safetensors"), qPrintable(message()));
        QCOMPARE(picker()->currentText(), QString("Words"));
        QCOMPARE(pairs(), names("word-lstm", "word-attention"));
        choose(Qt::Key_Down);
        QCOMPARE(pairs(), names("byte-lstm", "byte-attention"));
    }

    void samplesStandBelowTheirPair()
    {
        QStringList lines;
        for (const QAction* action : samples()) {
            if (!action->isSeparator() && !action->text().isEmpty())
                lines << (action->isEnabled() ? action->text() : '[' + action->text() + ']');
        }
        QCOMPARE(lines,
            (QStringList { "[Words]", "Sentence", "[Single bytes]", "Recall", "More",
                "[Any models]", "Any" }));
    }

    void whatASampleShowsIsToldBelow()
    {
        QMenu* const menu = qobject_cast<QMenu*>(sample("More")->parent());
        menu->popup(m_window->mapToGlobal(QPoint(20, 20)));
        QTest::keyClick(menu, Qt::Key_Down);
        const QString first = menu->findChild<QLabel*>("sentence")->text();
        QTest::keyClick(menu, Qt::Key_Down);
        QTest::keyClick(menu, Qt::Key_Down);
        QCOMPARE(menu->activeAction(), sample("More"));
        QCOMPARE(menu->findChild<QLabel*>("sentence")->text(), QString("Asks for a9."));
        QVERIFY(first != "Asks for a9.");
        menu->close();
    }

    void aSampleComesWithItsPair()
    {
        sample("More")->trigger();
        waitUntilIdle();
        QCOMPARE(m_session->text(), std::string("q3=7 a9=1 a9="));
        QCOMPARE(pairs(), names("byte-lstm", "byte-attention"));
        QCOMPARE(picker()->currentText(), QString("Single bytes"));
        QVERIFY(message().isEmpty());
        sample("Any")->trigger();
        waitUntilIdle();
        QCOMPARE(m_session->text(), std::string("any text"));
        QCOMPARE(pairs(), names("byte-lstm", "byte-attention"));
        sample("Sentence")->trigger();
        waitUntilIdle();
        QCOMPARE(pairs(), names("word-lstm", "word-attention"));
    }

    void modelsAreChosenOneByOne()
    {
        choose(Qt::Key_Down);
        auto* more = m_window->findChild<MorePanel*>();
        QTest::mouseClick(m_window->findChild<QPushButton*>("moreButton"), Qt::LeftButton);
        QVERIFY(shows("Reads bytes, one by one."));
        ExplainedChoice* lstm = choiceIn(*more, "LSTM");
        QCOMPARE(lstm->count(), 2); // those of single bytes
        QCOMPARE(lstm->currentText(), QString("Bytes"));
        lstm->setFocus();
        QTest::keyClick(lstm, Qt::Key_Down);
        waitUntilIdle();
        QCOMPARE(pairs(), names("byte-lstm-8", "byte-attention"));
        QCOMPARE(lstm->currentText(), QString("Eight units"));
        QCOMPARE(picker()->currentIndex(), -1);
        QVERIFY(picker()->toolTip().contains("byte-lstm-8 and byte-attention"));
        // They read the samples of the pair as it does, and were chosen on purpose.
        sample("Recall")->trigger();
        waitUntilIdle();
        QCOMPARE(m_session->text(), std::string("q3=7 a9=1 q3="));
        QCOMPARE(pairs(), names("byte-lstm-8", "byte-attention"));
    }

    /// A short context is that of its pair, not of the next.
    void theWindowIsAsLongAsThePairAllows()
    {
        std::string text;
        for (int word = 0; word < 100; ++word)
            text += " the";
        m_session->setText(text);
        choose(Qt::Key_Down);
        QCOMPARE(m_session->tokenized()->window.count(), 48);
        Settings settings = m_session->settings();
        settings.rows = 8;
        m_session->setSettings(settings);
        choose(Qt::Key_End);
        QCOMPARE(m_session->tokenized()->window.count(), 100);
    }

    void theProgramBeginsWithATextThatSuits_data()
    {
        QTest::addColumn<QStringList>("models");
        QTest::addColumn<QString>("text");
        QTest::newRow("the default") << QStringList {} << "some words";
        QTest::newRow("a model") << QStringList { "--model", "byte-lstm-8" } << "q3=7 a9=1 q3=";
    }
    void theProgramBeginsWithATextThatSuits()
    {
        QFETCH(const QStringList, models);
        QFETCH(const QString, text);
        const auto picture = [&](const QStringList& options) {
            const QString file = m_folder.filePath("picture.png");
            const QStringList arguments { "render", "--size", "900x600", "-o", file };
            const ProgramResult result = runProgram(arguments + models + options);
            return result.exitCode == 0 ? QImage(file) : QImage();
        };
        const QImage begun = picture({});
        QVERIFY(!begun.isNull());
        QCOMPARE(begun, picture({ "--text", text }));
    }

private:
    static QStringList names(const char* lstm, const char* attention)
    {
        return { lstm, attention };
    }

    QStringList pairs() const
    {
        const ModelPair& models = m_session->models();
        return { QString::fromStdString(models.lstm->name),
            QString::fromStdString(models.attention->name) };
    }

    PairPicker* picker() const { return m_window->findChild<TopBar*>()->findChild<PairPicker*>(); }

    static ExplainedChoice* choiceIn(const QWidget& parent, const QString& name)
    {
        for (auto* choice : parent.findChildren<ExplainedChoice*>())
            if (choice->accessibleName() == name)
                return choice;
        qFatal("no such choice");
    }

    void choose(Qt::Key key)
    {
        picker()->setFocus();
        QTest::keyClick(picker(), key);
        waitUntilIdle();
    }

    QList<QAction*> samples() const
    {
        auto* menu = m_window->findChild<TopBar*>()->findChild<QMenu*>();
        emit menu->aboutToShow();
        return menu->actions();
    }

    QAction* sample(const QString& title) const
    {
        for (QAction* action : samples())
            if (action->text() == title)
                return action;
        qFatal("no such sample");
    }

    QPushButton* offer() const { return m_window->findChild<QPushButton*>("messageAction"); }
    QString message() const { return m_window->findChild<MessageBar*>()->message(); }

    bool shows(const QString& words) const
    {
        for (const QLabel* label : m_window->findChildren<QLabel*>()) {
            if (label->isVisible() && label->text() == words)
                return true;
        }
        return false;
    }

    void waitUntilIdle()
    {
        QTRY_VERIFY_WITH_TIMEOUT(m_session->run() && !m_session->busy(), patienceMs);
    }

    QTemporaryDir m_folder;
    const fs::path m_resources = fs::path(m_folder.path().toStdString()) / "resources";
    std::unique_ptr<Session> m_session;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestPairPicker)
#include "tst_pair_picker.moc"
