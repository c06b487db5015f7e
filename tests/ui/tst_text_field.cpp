// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/text_field.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QTest>

using namespace timestep;

class TestTextField : public QObject
{
    Q_OBJECT
private slots:
    void whatIsTypedIsTold()
    {
        TextField field;
        QSignalSpy edited(&field, &TextField::bytesEdited);
        QTest::keyClicks(&field, QStringLiteral("Ann"));
        QCOMPARE(edited.count(), 3);
        QCOMPARE(field.bytes(), std::string("Ann"));
        QTest::keyClick(&field, Qt::Key_Backspace);
        QCOMPARE(field.bytes(), std::string("An"));
    }

    void shiftEnterTypesANewline()
    {
        TextField field;
        QTest::keyClicks(&field, QStringLiteral("a"));
        QTest::keyClick(&field, Qt::Key_Return, Qt::ShiftModifier);
        QTest::keyClicks(&field, QStringLiteral("b"));
        QCOMPARE(field.bytes(), std::string("a\nb"));
        QCOMPARE(field.text(), QStringLiteral("a⏎b"));
    }

    void editingKeepsTheBytesAroundIt()
    {
        TextField field;
        field.setBytes("\xff\r\nend");
        field.end(false);
        QTest::keyClicks(&field, QStringLiteral("!"));
        QCOMPARE(field.bytes(), std::string("\xff\r\nend!"));
    }

    void newlinesSurviveTheClipboard()
    {
        TextField field;
        field.setBytes("one\ntwo");
        field.selectAll();
        QTest::keySequence(&field, QKeySequence::Copy);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("one\ntwo"));
        field.clear();
        QTest::keySequence(&field, QKeySequence::Paste);
        QCOMPARE(field.bytes(), std::string("one\ntwo"));
        field.selectAll();
        QTest::keySequence(&field, QKeySequence::Cut);
        QCOMPARE(field.bytes(), std::string());
    }

    void aLongTextIsKeptWholeAndShownByItsBeginning()
    {
        TextField field;
        field.setBytes("intro ");
        field.end(false);
        const QString megabyte(1 << 20, u'x');
        QGuiApplication::clipboard()->setText(megabyte);
        QSignalSpy edited(&field, &TextField::bytesEdited);
        QTest::keySequence(&field, QKeySequence::Paste);
        QCOMPARE(edited.count(), 1);
        QCOMPARE(field.bytes(), "intro " + megabyte.toStdString());
        QVERIFY(field.text().size() < 1000);
        QVERIFY(field.text().contains(QStringLiteral("intro x")));
    }

    void undoBringsAWholeTextBack_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<int>("key");
        QTest::newRow("typed over") << "b" << int(Qt::Key_B);
        QTest::newRow("deleted") << "" << int(Qt::Key_Delete);
    }

    void undoBringsAWholeTextBack()
    {
        QFETCH(QString, typed);
        QFETCH(int, key);
        TextField field;
        QTest::keyClicks(&field, QStringLiteral("intro "));
        QGuiApplication::clipboard()->setText(QString(1 << 20, u'x'));
        QTest::keySequence(&field, QKeySequence::Paste);
        const std::string whole = field.bytes();
        QTest::sendKeyEvent(QTest::Click, &field, static_cast<Qt::Key>(key), typed, Qt::NoModifier);
        QCOMPARE(QString::fromStdString(field.bytes()), typed);
        QSignalSpy edited(&field, &TextField::bytesEdited);
        QTest::keySequence(&field, QKeySequence::Undo);
        QVERIFY(field.bytes() == whole);
        QCOMPARE(QByteArray::fromStdString(edited.last()[0].value<std::string>()).size(),
            qsizetype(whole.size()));
        QTest::keySequence(&field, QKeySequence::Undo);
        QCOMPARE(field.bytes(), std::string("intro "));
        QTest::keySequence(&field, QKeySequence::Redo);
        QVERIFY(field.bytes() == whole);
    }

    void undoBringsBackWhatASampleReplaced()
    {
        TextField field;
        QTest::keyClicks(&field, QStringLiteral("Ann"));
        field.setBytes("a sample");
        field.end(false);
        QTest::keyClicks(&field, QStringLiteral("!"));
        QTest::keySequence(&field, QKeySequence::Undo);
        QCOMPARE(field.bytes(), std::string("a sample"));
        QTest::keySequence(&field, QKeySequence::Undo);
        QCOMPARE(field.bytes(), std::string("Ann"));
    }

    void aLongTextGivesWayToWhatIsTyped_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QByteArray>("left");
        QTest::newRow("a letter") << int(Qt::Key_B) << "b" << QByteArray("b");
        QTest::newRow("delete") << int(Qt::Key_Delete) << "" << QByteArray();
        QTest::newRow("backspace") << int(Qt::Key_Backspace) << "" << QByteArray();
    }

    void aLongTextGivesWayToWhatIsTyped()
    {
        QFETCH(int, key);
        QFETCH(QString, text);
        QFETCH(QByteArray, left);
        TextField field;
        field.setBytes(std::string(TextField::mostEditableBytes + 1, 'x'));
        QTest::sendKeyEvent(QTest::Click, &field, static_cast<Qt::Key>(key), text, Qt::NoModifier);
        QCOMPARE(QByteArray::fromStdString(field.bytes()), left);
        QTest::keyClicks(&field, QStringLiteral("c"));
        QCOMPARE(QByteArray::fromStdString(field.bytes()), left + "c");
    }
};

QTEST_MAIN(TestTextField)
#include "tst_text_field.moc"
