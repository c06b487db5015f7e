// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QImage>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

/// `timestep render`, run as a user runs it.
class TestRenderCommand : public QObject
{
    Q_OBJECT
private slots:
    void paintsAWorkspace_data()
    {
        QTest::addColumn<QString>("view");
        QTest::addColumn<QString>("theme");
        for (const char* view : { "steps", "attention", "lstm", "training" }) {
            for (const char* theme : { "light", "dark" })
                QTest::addRow("%s, %s", view, theme) << view << theme;
        }
    }

    void paintsAWorkspace()
    {
        QFETCH(QString, view);
        QFETCH(QString, theme);
        const QString file = m_folder.filePath(QStringLiteral("%1-%2.png").arg(view, theme));
        const Outcome outcome = render({ QStringLiteral("--view"), view, QStringLiteral("--theme"),
            theme, QStringLiteral("--size"), QStringLiteral("1000x700"), QStringLiteral("--text"),
            QStringLiteral("Ann has the red key"), QStringLiteral("-o"), file });
        QCOMPARE(outcome.errors, QString());
        QCOMPARE(outcome.code, 0);
        const QImage picture(file);
        QCOMPARE(picture.size(), QSize(1000, 700));
        QCOMPARE(picture.pixelColor(500, 3).lightness() < 128, theme == QStringLiteral("dark"));
        QVERIFY(colors(picture) > 50); // something is in it
    }

    /// A size that is asked for is obeyed; otherwise the window is as high as it needs to be.
    void nothingIsCut()
    {
        const auto sizeOf = [this](const QString& more) {
            const QString file = m_folder.filePath(QStringLiteral("all.png"));
            const Outcome outcome
                = render(QStringLiteral("--text,Ann has,--plan,training,--layer,all,%1-o,%2")
                             .arg(more, file)
                             .split(u','));
            return outcome.code == 0 ? QImage(file).size() : QSize();
        };
        QCOMPARE(sizeOf(QStringLiteral("--size,1600x900,")), QSize(1600, 900));
        const QSize window = sizeOf(QString());
        QCOMPARE(window.width(), 1600);
        QVERIFY2(window.height() > 1200, qPrintable(QString::number(window.height())));
        QCOMPARE(sizeOf(QStringLiteral("--sub-batches,1,")), QSize(1600, 900)); // all is there
        const QSize whole = sizeOf(QStringLiteral("--whole,--size,1600x900,"));
        QVERIFY(whole.width() < 1600 && whole.width() > 1200);
        QVERIFY(whole.height() > 1100 && whole.height() < window.height());
    }

    void framesOfTheWholeWorkspaceAreOfOneSize()
    {
        const QString pattern = m_folder.filePath(QStringLiteral("whole-%1.png"));
        const Outcome outcome = render(QStringLiteral("--text,Ann has,--whole,--frames,3,-o,%1")
                                           .arg(pattern.arg("%d"))
                                           .split(u','));
        QCOMPARE(outcome.errors, QString());
        const QSize first = QImage(pattern.arg(1)).size();
        QVERIFY(!first.isEmpty());
        for (const int frame : { 2, 3 })
            QCOMPARE(QImage(pattern.arg(frame)).size(), first);
    }

    void theSamePictureEveryTime()
    {
        const QStringList files { m_folder.filePath(QStringLiteral("once.png")),
            m_folder.filePath(QStringLiteral("again.png")) };
        for (const QString& file : files) {
            QCOMPARE(render({ QStringLiteral("--text"), QStringLiteral("Ann has"),
                                QStringLiteral("--time"), QStringLiteral("1.5"),
                                QStringLiteral("-o"), file })
                         .code,
                0);
        }
        QCOMPARE(QImage(files[0]), QImage(files[1]));
    }

    void tokensInUseAreThoseAskedFor()
    {
        const QString text = m_folder.filePath(QStringLiteral("long.txt"));
        QFile file(text);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(" the").repeated(1100)); // tokens
        file.close();
        const auto picture = [&](const QStringList& length) {
            const QString path = m_folder.filePath(QStringLiteral("long.png"));
            const Outcome outcome
                = render(QStringList { QStringLiteral("--model"), QStringLiteral("untrained"),
                             QStringLiteral("--text-file"), text, QStringLiteral("-o"), path }
                    + length);
            return outcome.code == 0 ? QImage(path) : QImage();
        };
        const QString option = QStringLiteral("--window-length");
        const QImage byDefault = picture({});
        const QImage whole = picture({ option, QStringLiteral("1100") });
        QVERIFY(!byDefault.isNull());
        QVERIFY(!whole.isNull());
        QVERIFY(whole != byDefault);
        QCOMPARE(picture({ option, QStringLiteral("1024") }), byDefault);
        QCOMPARE(picture({ option, QStringLiteral("2000") }), whole);
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("named");
        const QString out = m_folder.filePath(QStringLiteral("x.png"));
        const auto args = [](const QString& line) { return line.split(u' '); };
        QTest::newRow("no file") << QStringList() << 2 << "-o";
        QTest::newRow("a view there is not") << args("--view piano -o " + out) << 2 << "piano";
        QTest::newRow("another kind of file")
            << args(QStringLiteral("-o x.jpeg")) << 2 << ".png, .svg or .pdf";
        QTest::newRow("a size that is none") << args("--size big -o " + out) << 2 << "big";
        QTest::newRow("too small") << args("--size 10x10 -o " + out) << 2 << "10x10";
        QTest::newRow("a time before the beginning") << args("--time=-1 -o " + out) << 2 << "-1";
        QTest::newRow("no tokens") << args("--window-length 0 -o " + out) << 2 << "'0' is not";
        QTest::newRow("tokens that are no number")
            << args("--window-length all -o " + out) << 2 << "'all' is not";
        QTest::newRow("more tokens than the context")
            << args("--model untrained --window-length 16385 -o " + out) << 2
            << "--window-length '16385' is not a whole number from 1 to 16384";
        QTest::newRow("a head that is none") << args("--head first -o " + out) << 2 << "'first'";
        QTest::newRow("heads count from 1") << args("--head 0,1 -o " + out) << 2 << "'0,1'";
        QTest::newRow("more heads than there are")
            << args("--model recall --head 1,5 -o " + out) << 2 << "at most 4,4";
        QTest::newRow("frames and a time")
            << args("--frames 2 --time 1 -o " + out) << 2 << "--frames and --time";
        QTest::newRow("two numbers in a name")
            << args("--frames 2 -o %d-%d.png") << 2 << "steps-%04d.png";
        QTest::newRow("frames of numbers") << args("--frames 2 -o x.csv") << 2 << ".png, .svg";
        QTest::newRow("frames where no time passes")
            << args("--view race --frames 2 -o " + out) << 2 << "no time passes";
        QTest::newRow("a strategy of the other model")
            << args("--lstm-strategy head -o " + out) << 2 << "hidden-split";
        QTest::newRow("too many rows") << args("--rows 257 -o " + out) << 2 << "'257'";
        QTest::newRow("no such layer") << args("--layer 0 -o " + out) << 2 << "'0'";
        QTest::newRow("a real run of what is not read")
            << args("--plan written --beside-run -o " + out) << 2
            << "reading: not of --plan written";
        QTest::newRow("a real run of training")
            << args("--beside-run --plan training -o " + out) << 2 << "not of --plan training";
        QTest::newRow("a real run of a layer")
            << args("--layer 1 --beside-run -o " + out) << 2 << "all layers: not of --layer 1";
        QTest::newRow("a real run with a broken link")
            << args("--beside-run --break-link most -o " + out) << 2 << "not with --break-link";
        QTest::newRow("the first token has no link")
            << args("--break-link 1 -o " + out) << 2 << "'1'";
        QTest::newRow("a link beyond the text")
            << args("--text Ann --break-link 90 -o " + out) << 1 << "in use; choose one from 2";
        QTest::newRow("no such theme") << args("--theme pink -o " + out) << 2 << "pink";
        QTest::newRow("no such folder")
            << args(QStringLiteral("-o /nowhere/x.png")) << 1 << "/nowhere/x.png";
        QTest::newRow("no such model")
            << args("--model /nowhere/model -o " + out) << 1 << "/nowhere/model";
        QTest::newRow("no such text")
            << args("--text-file /nowhere/text -o " + out) << 1 << "/nowhere/text";
    }

    void saysWhatIsWrong()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, named);
        const Outcome outcome = render(arguments);
        QTEST(outcome.code, "code");
        QVERIFY2(outcome.errors.contains(named), qPrintable(outcome.errors));
        QCOMPARE(outcome.errors.count(u'\n'), 1);
        QVERIFY(!QFile::exists(m_folder.filePath(QStringLiteral("x.png"))));
    }

    void theNumbersOfAHead()
    {
        const QString file = m_folder.filePath(QStringLiteral("head.csv"));
        const Outcome outcome = render(
            { QStringLiteral("--view"), QStringLiteral("attention"), QStringLiteral("--model"),
                QStringLiteral("recall"), QStringLiteral("--head"), QStringLiteral("2,3"),
                QStringLiteral("--text"), QStringLiteral("q3=7"), QStringLiteral("-o"), file });
        QCOMPARE(outcome.errors, QString());
        QFile csv(file);
        QVERIFY(csv.open(QIODevice::ReadOnly));
        const QList<QByteArray> lines = csv.readAll().split('\n');
        QCOMPARE(lines.size(), 1 + 4 * 5 / 2 + 1); // the pairs that the mask leaves
        QVERIFY(lines[2].startsWith("2,3,1,0,3,q,"));
    }

    void anAnimationIsNumberedPictures_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("last");
        QTest::newRow("as printf") << "walk%02d.png"
                                   << "walk01.png"
                                   << "walk03.png";
        QTest::newRow("a plain name") << "run.png"
                                      << "run-0001.png"
                                      << "run-0003.png";
    }

    void anAnimationIsNumberedPictures()
    {
        QFETCH(QString, name);
        QFETCH(QString, first);
        QFETCH(QString, last);
        const auto shot = [&](const QStringList& arguments, const QString& file) {
            return render(QStringList { QStringLiteral("--text"), QStringLiteral("Ann has"),
                              QStringLiteral("--size"), QStringLiteral("900x600"),
                              QStringLiteral("-o"), m_folder.filePath(file) }
                + arguments);
        };
        const Outcome outcome = shot({ QStringLiteral("--frames"), QStringLiteral("3") }, name);
        QCOMPARE(outcome.errors, QString());
        QCOMPARE(outcome.code, 0);
        QCOMPARE(
            shot({ QStringLiteral("--time"), QStringLiteral("0") }, QStringLiteral("begin.png"))
                .code,
            0);
        QCOMPARE(
            shot({ QStringLiteral("--time"), QStringLiteral("1e9") }, QStringLiteral("end.png"))
                .code,
            0);
        const auto picture = [&](const QString& file) { return QImage(m_folder.filePath(file)); };
        QVERIFY(!picture(first).isNull());
        QCOMPARE(picture(first), picture(QStringLiteral("begin.png")));
        QCOMPARE(picture(last), picture(QStringLiteral("end.png")));
        QVERIFY(picture(first) != picture(last));
        QVERIFY(!QFile::exists(m_folder.filePath(name)));
    }

    void thePlanIsTheOneAskedFor()
    {
        const QString file = m_folder.filePath(QStringLiteral("plan.csv"));
        const Outcome outcome = render(QStringLiteral("--text,Ann has,--rows,6,--sub-batches,2,"
                                                      "--workers,3,--layer,all,--plan,training,-o,")
                                           .split(u',', Qt::SkipEmptyParts)
            + QStringList(file));
        QCOMPARE(outcome.errors, QString());
        QFile csv(file);
        QVERIFY(csv.open(QIODevice::ReadOnly));
        const QByteArray text = csv.readAll();
        QVERIFY(text.startsWith("model,index,operation,layer,"));
        QVERIFY(text.contains("lstm,0,input-half,1,0,0,0,0,2,0,forward,"));
        QVERIFY(text.contains("attention,"));
        QVERIFY(text.contains(",recurrent-backward,2,"));
        QVERIFY(text.contains(",update,4,"));
    }

    /// Letters stay letters: they can be found, and are sharp at any size.
    void vectorsHaveTheSizeAndTheWordsOfTheWindow()
    {
        const QString file = m_folder.filePath(QStringLiteral("steps.svg"));
        QCOMPARE(
            render({ QStringLiteral("--size"), QStringLiteral("1000x700"), QStringLiteral("--text"),
                       QStringLiteral("Ann has"), QStringLiteral("-o"), file })
                .code,
            0);
        QFile svg(file);
        QVERIFY(svg.open(QIODevice::ReadOnly));
        const QByteArray text = svg.readAll();
        QVERIFY(text.contains("viewBox=\"0 0 1000 700\""));
        QVERIFY(text.contains("not measured"));
        QVERIFY(text.contains("Workers"));
    }

    void aDocumentHasOnePageOfTheWindowsShape()
    {
        const QString file = m_folder.filePath(QStringLiteral("steps.pdf"));
        QCOMPARE(
            render({ QStringLiteral("--size"), QStringLiteral("1000x700"), QStringLiteral("--text"),
                       QStringLiteral("Ann has"), QStringLiteral("-o"), file })
                .code,
            0);
        QFile pdf(file);
        QVERIFY(pdf.open(QIODevice::ReadOnly));
        const QByteArray text = pdf.readAll();
        QVERIFY(text.startsWith("%PDF-"));
        QVERIFY(text.contains("/Count 1"));
        const auto box = QRegularExpression(QStringLiteral("/MediaBox \\[0 0 ([0-9.]+) ([0-9.]+)"))
                             .match(QString::fromLatin1(text));
        QVERIFY(box.hasMatch());
        const double shape = box.captured(1).toDouble() / box.captured(2).toDouble();
        QVERIFY2(std::abs(shape - 1000.0 / 700) < 0.01, qPrintable(box.captured()));
    }

    void anEmptyTextHasAPictureToo()
    {
        const QString file = m_folder.filePath(QStringLiteral("empty.png"));
        const Outcome outcome
            = render({ QStringLiteral("--text"), QString(), QStringLiteral("-o"), file });
        QCOMPARE(outcome.code, 0);
        QVERIFY(!QImage(file).isNull());
    }

private:
    struct Outcome
    {
        int code = -1;
        QString errors;
    };

    static Outcome render(const QStringList& arguments)
    {
        QProcess process;
        process.start(
            QStringLiteral(TIMESTEP_PROGRAM), QStringList(QStringLiteral("render")) + arguments);
        process.waitForFinished(120000);
        return { process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            QString::fromUtf8(process.readAllStandardError()) };
    }

    static qsizetype colors(const QImage& picture)
    {
        QSet<QRgb> found;
        for (int y = 0; y < picture.height(); y += 2) {
            for (int x = 0; x < picture.width(); x += 2)
                found << picture.pixel(x, y);
        }
        return found.size();
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestRenderCommand)
#include "tst_render_command.moc"
