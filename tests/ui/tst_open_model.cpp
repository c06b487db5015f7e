// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/model_folder.h"
#include "engine/model/untrained_model.h"
#include "ui/session/session.h"
#include "ui/views/main_window.h"
#include "ui/views/message_bar.h"
#include "ui/views/model_folder_drop.h"
#include "ui/views/text_field.h"
#include "ui/views/workspaces.h"

#include <QDir>
#include <QDragEnterEvent>
#include <QDragLeaveEvent>
#include <QDropEvent>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QUrl>

#include <filesystem>
#include <memory>

using namespace timestep;
namespace fs = std::filesystem;

namespace {

constexpr int patienceMs = 60000;

std::vector<std::pair<std::string, std::string>> otherMerges()
{
    return { { "t", "h" }, { "th", "e" } };
}

} // namespace

/// A window into which folders are dropped. On disk: an LSTM and an attention model of one
/// vocabulary, an attention model of another.
class TestOpenModel : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QVERIFY(m_disk.isValid());
        const ModelPair pair = untrainedPair(Vocabulary::fromMerges({}), 7);
        const ModelPair other = untrainedPair(Vocabulary::fromMerges(otherMerges()), 7);
        saveModel(*pair.lstm, folder("my-lstm"));
        saveModel(*pair.attention, folder("my-attention"));
        saveModel(*other.attention, folder("other-attention"));
        saveModel(*pair.lstm, folder("short"));
        QFile config(path("short/config.json"));
        QVERIFY(config.open(QIODevice::ReadWrite));
        QByteArray text = config.readAll();
        const auto at = text.indexOf("\"num_layers\"");
        QVERIFY(at >= 0);
        text.replace(at, text.indexOf('2', at) - at + 1, "\"num_layers\": 3");
        config.resize(0);
        config.write(text);
        QVERIFY(QDir(m_disk.path()).mkdir("empty"));
        for (const char* name : { "notes.txt", "my-lstm/notes.txt" }) {
            QFile notes(path(name));
            QVERIFY(notes.open(QIODevice::WriteOnly));
        }
    }

    void init()
    {
        m_session = std::make_unique<Session>();
        m_session->setText("Ann has the red key");
        m_window = std::make_unique<MainWindow>(*m_session);
        addWorkspaces(*m_window, *m_session);
        m_window->resize(1280, 720);
        m_window->showWorkspace(1);
        m_window->show();
        m_window->activateWindow();
        m_session->openModels({ "untrained" });
        waitUntilIdle();
    }

    void cleanup()
    {
        m_window.reset();
        m_session.reset();
    }

    void whatIsDraggedIsKnown_data()
    {
        QTest::addColumn<QStringList>("dragged");
        QTest::addColumn<QStringList>("folders");
        QTest::newRow("a folder") << QStringList { "my-lstm" } << QStringList { "my-lstm" };
        QTest::newRow("any folder") << QStringList { "empty" } << QStringList { "empty" };
        QTest::newRow("its weights")
            << QStringList { "my-lstm/model.safetensors" } << QStringList { "my-lstm" };
        QTest::newRow("all its files") << QStringList { "my-lstm/config.json",
            "my-lstm/model.safetensors", "my-lstm/vocab.json", "my-lstm/merges.txt" }
                                       << QStringList { "my-lstm" };
        QTest::newRow("two folders") << QStringList { "my-lstm", "my-attention" }
                                     << QStringList { "my-lstm", "my-attention" };
        QTest::newRow("a text") << QStringList { "notes.txt" } << QStringList {};
        QTest::newRow("a text beside a model")
            << QStringList { "my-lstm/notes.txt" } << QStringList {};
        QTest::newRow("a folder and a text")
            << QStringList { "my-lstm", "notes.txt" } << QStringList {};
        QTest::newRow("nothing there") << QStringList { "nowhere" } << QStringList {};
    }
    void whatIsDraggedIsKnown()
    {
        QFETCH(QStringList, dragged);
        QFETCH(QStringList, folders);
        std::vector<fs::path> expected;
        for (const QString& name : folders)
            expected.push_back(folder(name));
        QVERIFY(modelFoldersIn(*mime(dragged)) == expected);
    }

    void aDroppedFolderIsOpened_data()
    {
        QTest::addColumn<QString>("dropped");
        QTest::addColumn<QString>("on");
        for (const char* on : { "centre", "textField", "temperature" })
            QTest::addRow("the folder on %s", on) << "my-lstm" << on;
        QTest::newRow("a file of it") << "my-lstm/config.json"
                                      << "centre";
    }
    void aDroppedFolderIsOpened()
    {
        QFETCH(QString, dropped);
        QFETCH(QString, on);
        auto* target = m_window->findChild<QWidget*>(on);
        if (auto* line = target->findChild<QLineEdit*>())
            target = line; // the part of a spin box that takes text
        const auto data = mime({ dropped });
        QVERIFY(!hint()->isVisible());
        QVERIFY(drag(target, *data));
        QVERIFY(hint()->isVisible());
        QCOMPARE(hint()->findChild<QLabel*>()->text(),
            QStringLiteral("Drop to open the model folder “my-lstm”"));
        QCOMPARE(hint()->geometry(), m_window->centralWidget()->rect());
        drop(target, *data);
        QVERIFY(!hint()->isVisible());
        QVERIFY(message().startsWith(QStringLiteral("Opening ")));
        waitUntilOpened("my-lstm");
        QCOMPARE(m_session->models().lstm->name, std::string("my-lstm"));
        QVERIFY(m_session->models().attention->untrained());
        const auto parameters = m_session->models().lstm->parameters();
        const auto difference = m_session->models().attention->parameters() - parameters;
        QVERIFY(20 * std::abs(difference) <= parameters);
        QVERIFY2(message().contains(QStringLiteral("my-lstm"))
                && message().contains(QStringLiteral("untrained")),
            qPrintable(message()));
        QVERIFY(shows(QStringLiteral("attention is untrained")));
        QCOMPARE(m_session->text(), std::string("Ann has the red key")); // nothing was typed
        waitUntilIdle();
        QCOMPARE(m_session->run()->lstm->model->name, std::string("my-lstm"));
    }

    void aDragThatLeavesOpensNothing()
    {
        auto* target = m_window->findChild<QWidget*>("centre");
        const auto data = mime({ "my-lstm" });
        QVERIFY(drag(target, *data));
        QVERIFY(hint()->isVisible());
        QDragLeaveEvent leave;
        QApplication::sendEvent(target, &leave);
        QVERIFY(!hint()->isVisible());
        waitUntilIdle();
        QVERIFY(m_session->models().lstm->untrained());
    }

    void aTextIsDroppedAsBefore()
    {
        const auto data = mime({ "notes.txt" });
        QVERIFY(!drag(m_window->findChild<QWidget*>("centre"), *data));
        auto* field = m_window->findChild<TextField*>();
        field->selectAll();
        QVERIFY(drag(field, *data));
        QVERIFY(!hint()->isVisible());
        drop(field, *data);
        QVERIFY(m_session->text().ends_with("notes.txt"));
    }

    void aModelPairsWithAnotherOfItsVocabulary_data()
    {
        QTest::addColumn<QStringList>("opened"); // one after the other
        QTest::addColumn<QString>("lstm"); // empty: untrained
        QTest::addColumn<QString>("attention");
        QTest::newRow("the same") << QStringList { "my-lstm", "my-attention" } << "my-lstm"
                                  << "my-attention";
        QTest::newRow("the other way round")
            << QStringList { "my-attention", "my-lstm" } << "my-lstm"
            << "my-attention";
        QTest::newRow("another vocabulary") << QStringList { "my-lstm", "other-attention" } << ""
                                            << "other-attention";
        QTest::newRow("another, then the same")
            << QStringList { "other-attention", "my-attention", "my-lstm" } << "my-lstm"
            << "my-attention";
    }
    void aModelPairsWithAnotherOfItsVocabulary()
    {
        QFETCH(QStringList, opened);
        QFETCH(QString, lstm);
        QFETCH(QString, attention);
        for (const QString& name : opened) {
            const auto data = mime({ name });
            drag(m_window.get(), *data);
            drop(m_window.get(), *data);
            waitUntilOpened(name);
        }
        const ModelPair models = m_session->models();
        for (const auto& [model, name] :
            { std::pair(models.lstm, lstm), std::pair(models.attention, attention) }) {
            QCOMPARE(model->untrained(), name.isEmpty());
            if (!name.isEmpty())
                QCOMPARE(QString::fromStdString(model->name), name);
        }
        // Another seed makes another partner, and nothing else: what is trained has none.
        waitUntilIdle();
        Settings settings = m_session->settings();
        settings.seed = 5;
        m_session->setSettings(settings);
        waitUntilIdle();
        const ModelPair& after = m_session->models();
        const bool partner = lstm.isEmpty() || attention.isEmpty();
        QCOMPARE(after.lstm != models.lstm, partner);
        QCOMPARE(after.lstm->untrained(), lstm.isEmpty());
        QCOMPARE(after.attention->untrained(), attention.isEmpty());
        if (partner)
            QVERIFY((lstm.isEmpty() ? after.lstm : after.attention)->origin.ends_with("seed 5"));
    }

    void twoFoldersAreAPair()
    {
        const auto data = mime({ "my-attention", "my-lstm" });
        drag(m_window.get(), *data);
        drop(m_window.get(), *data);
        waitUntilOpened("my-lstm");
        QCOMPARE(m_session->models().attention->name, std::string("my-attention"));
        QVERIFY(!shows(QStringLiteral("both models are untrained")));
    }

    void aWrongFolderIsRefusedAndNothingIsLost_data()
    {
        QTest::addColumn<QString>("dropped");
        QTest::addColumn<QStringList>("named");
        QTest::newRow("no model in it") << "empty" << QStringList { "empty", "config.json" };
        QTest::newRow("a layer is missing")
            << "short" << QStringList { "short/model.safetensors", "lstm.weight_ih_l2" };
    }
    void aWrongFolderIsRefusedAndNothingIsLost()
    {
        QFETCH(QString, dropped);
        QFETCH(QStringList, named);
        const auto good = mime({ "my-lstm" });
        drag(m_window.get(), *good);
        drop(m_window.get(), *good);
        waitUntilOpened("my-lstm");
        waitUntilIdle();
        const ModelPair before = m_session->models();
        const auto run = m_session->run();
        const auto wrong = mime({ dropped });
        QVERIFY(drag(m_window.get(), *wrong));
        drop(m_window.get(), *wrong);
        waitUntilIdle();
        for (const QString& name : named)
            QVERIFY2(message().contains(name), qPrintable(message()));
        QVERIFY(m_session->models().lstm == before.lstm);
        QVERIFY(m_session->models().attention == before.attention);
        QVERIFY(m_session->run() == run);
        // Also when the seed changes: the folder is still the one that was opened.
        Settings settings = m_session->settings();
        settings.seed = 9;
        m_session->setSettings(settings);
        waitUntilIdle();
        QCOMPARE(m_session->models().lstm->name, std::string("my-lstm"));
    }

    void theDialogOpensAFolder_data()
    {
        QTest::addColumn<bool>("byKey");
        QTest::newRow("Ctrl+Shift+O") << true;
        QTest::newRow("under More") << false;
    }
    void theDialogOpensAFolder()
    {
        QFETCH(bool, byKey);
        QTimer answer;
        connect(&answer, &QTimer::timeout, this, [&] {
            auto* dialog = m_window->findChild<QFileDialog*>();
            if (!dialog || !dialog->isVisible())
                return;
            answer.stop();
            auto* name = dialog->findChild<QLineEdit*>();
            name->setText(path("my-attention"));
            QTest::keyClick(name, Qt::Key_Return);
        });
        answer.start(20);
        QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
        if (byKey) {
            auto* field = m_window->findChild<TextField*>();
            field->setFocus();
            QTest::keyClick(field, Qt::Key_O, Qt::ControlModifier | Qt::ShiftModifier);
        } else {
            QTest::mouseClick(m_window->findChild<QPushButton*>("moreButton"), Qt::LeftButton);
            QTest::mouseClick(m_window->findChild<QPushButton*>("openModelFolder"), Qt::LeftButton);
        }
        waitUntilOpened("my-attention");
        QCOMPARE(m_session->models().attention->name, std::string("my-attention"));
        QVERIFY(m_session->models().lstm->untrained());
    }

private:
    QString path(const QString& name) const { return m_disk.filePath(name); }
    fs::path folder(const QString& name) const { return path(name).toStdString(); }

    std::unique_ptr<QMimeData> mime(const QStringList& names) const
    {
        auto data = std::make_unique<QMimeData>();
        QList<QUrl> urls;
        for (const QString& name : names)
            urls << QUrl::fromLocalFile(path(name));
        data->setUrls(urls);
        data->setText(urls.front().toString()); // as file managers add
        return data;
    }

    /// Whether it would be taken.
    static bool drag(QWidget* target, const QMimeData& data)
    {
        QDragEnterEvent enter(target->rect().center(), Qt::CopyAction | Qt::MoveAction, &data,
            Qt::LeftButton, Qt::NoModifier);
        enter.ignore();
        QApplication::sendEvent(target, &enter);
        return enter.isAccepted();
    }

    static void drop(QWidget* target, const QMimeData& data)
    {
        QDropEvent event(QPointF(target->rect().center()), Qt::CopyAction | Qt::MoveAction, &data,
            Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(target, &event);
    }

    void waitUntilIdle()
    {
        QTRY_VERIFY_WITH_TIMEOUT(m_session->run() && !m_session->busy(), patienceMs);
    }

    void waitUntilOpened(const QString& name)
    {
        const auto opened = [&] {
            return message().startsWith(QStringLiteral("Opened. "))
                && message().contains(name + QStringLiteral(" · "));
        };
        QTRY_VERIFY2_WITH_TIMEOUT(opened(), qPrintable(message()), patienceMs);
    }

    bool shows(const QString& words) const
    {
        for (const QLabel* label : m_window->findChildren<QLabel*>()) {
            if (label->isVisible() && label->text() == words)
                return true;
        }
        return false;
    }

    ModelFolderDrop* hint() const { return m_window->findChild<ModelFolderDrop*>(); }
    QString message() const { return m_window->findChild<MessageBar*>()->message(); }

    QTemporaryDir m_disk;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestOpenModel)
#include "tst_open_model.moc"
