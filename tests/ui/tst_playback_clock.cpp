// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/playback_clock.h"

#include <QSignalSpy>
#include <QTest>

using namespace timestep;

class TestPlaybackClock : public QObject
{
    Q_OBJECT
private slots:
    void neverLeavesTheTimeline_data()
    {
        QTest::addColumn<double>("asked");
        QTest::addColumn<double>("got");
        QTest::newRow("before") << -1.0 << 0.0;
        QTest::newRow("inside") << 2.5 << 2.5;
        QTest::newRow("beyond") << 99.0 << 4.0;
    }

    void neverLeavesTheTimeline()
    {
        QFETCH(double, asked);
        QFETCH(double, got);
        PlaybackClock clock;
        clock.setTimeline(4, { 0, 1, 2, 4 });
        clock.setTime(asked);
        QCOMPARE(clock.time(), got);
    }

    void stepsFromMomentToMoment()
    {
        PlaybackClock clock;
        clock.setTimeline(4, { 0, 1, 1.5, 4 });
        QList<double> forward, back;
        for (int i = 0; i < 4; ++i) {
            clock.stepForward();
            forward << clock.time();
        }
        for (int i = 0; i < 4; ++i) {
            clock.stepBack();
            back << clock.time();
        }
        QCOMPARE(forward, (QList<double> { 1, 1.5, 4, 4 }));
        QCOMPARE(back, (QList<double> { 1.5, 1, 0, 0 }));
    }

    void stepsFromBetweenMomentsToTheNearestOneAhead()
    {
        PlaybackClock clock;
        clock.setTimeline(4, { 0, 1, 3, 4 });
        clock.setTime(2);
        clock.stepForward();
        QCOMPARE(clock.time(), 3.0);
        clock.setTime(2);
        clock.stepBack();
        QCOMPARE(clock.time(), 1.0);
    }

    void aStepIsNotHeldUpByRounding()
    {
        PlaybackClock clock;
        clock.setTimeline(4, { 0, 1, 1 + 1e-13, 3, 4 });
        clock.setTime(1);
        clock.stepForward();
        QCOMPARE(clock.time(), 3.0);
    }

    void keepsTheTimeWhereItFits()
    {
        PlaybackClock clock;
        clock.setTimeline(10, {});
        clock.setTime(7);
        clock.setTimeline(8, {});
        QCOMPARE(clock.time(), 7.0);
        clock.setTimeline(5, {});
        QCOMPARE(clock.time(), 5.0);
    }

    void playsToTheEndAndStops()
    {
        PlaybackClock clock;
        QSignalSpy playing(&clock, &PlaybackClock::playingChanged);
        QSignalSpy time(&clock, &PlaybackClock::timeChanged);
        clock.setTimeline(2, { 0, 1, 2 });
        clock.setSpeed(16);
        clock.play();
        QVERIFY(clock.playing());
        QTRY_VERIFY(!clock.playing());
        QCOMPARE(clock.time(), 2.0);
        QCOMPARE(playing.count(), 2);
        QVERIFY(time.count() >= 2); // it moved on the way, rather than jumped
    }

    void playsToTheNextEventAndSaysWhatItIs()
    {
        PlaybackClock clock;
        clock.setSpeed(16);
        clock.setTimeline(3, { 0, 1, 2, 3 }, { { 1, "one" }, { 2, "two" } });
        QVERIFY(clock.eventText().isEmpty());
        for (const auto& [time, text] : { std::pair(1.0, "one"), std::pair(2.0, "two") }) {
            clock.playToNextEvent();
            QVERIFY(clock.playing());
            QTRY_VERIFY(!clock.playing());
            QCOMPARE(clock.time(), time);
            QCOMPARE(clock.eventText(), QString(text));
        }
        clock.playToNextEvent(); // there is none: to the end
        QTRY_VERIFY(!clock.playing());
        QCOMPARE(clock.time(), 3.0);
        clock.playToNextEvent(); // again from the beginning
        QTRY_VERIFY(!clock.playing());
        QCOMPARE(clock.time(), 1.0);
        clock.playToNextEvent();
        clock.pause(); // what is paused does not stop at it later
        clock.play();
        QTRY_VERIFY(!clock.playing());
        QCOMPARE(clock.time(), 3.0);
        clock.setTimeline(3, {});
        QVERIFY(clock.events().empty());
    }

    void playsFromTheStartAgain()
    {
        PlaybackClock clock;
        clock.setTimeline(100, {});
        clock.toLast();
        clock.play();
        QCOMPARE(clock.time(), 0.0);
        clock.pause();
    }

    void anythingElseThanPlayingStopsIt()
    {
        PlaybackClock clock;
        clock.setTimeline(100, { 0, 50, 100 });
        for (auto action : { &PlaybackClock::stepForward, &PlaybackClock::stepBack,
                 &PlaybackClock::toFirst, &PlaybackClock::toLast, &PlaybackClock::toggle }) {
            clock.setTime(10);
            clock.play();
            (clock.*action)();
            QVERIFY(!clock.playing());
        }
    }

    void aTextWithoutStepsDoesNotPlay()
    {
        PlaybackClock clock;
        clock.play();
        QVERIFY(!clock.playing());
        clock.setTimeline(10, {});
        clock.play();
        clock.setTimeline(0, {});
        QVERIFY(!clock.playing());
    }

    void paceSuitsTheEye()
    {
        PlaybackClock clock;
        clock.setTimeline(16, {});
        QCOMPARE(clock.unitsPerSecond(), 2.0);
        clock.setTimeline(9000, {}); // a long plan lasts no longer than nine seconds
        QCOMPARE(clock.unitsPerSecond(), 1000.0);
        clock.setSpeed(0.5);
        QCOMPARE(clock.unitsPerSecond(), 500.0);
    }

    void speedStaysInItsRange()
    {
        PlaybackClock clock;
        clock.setSpeed(100);
        QCOMPARE(clock.speed(), 16.0);
        clock.setSpeed(0);
        QCOMPARE(clock.speed(), 0.25);
    }
};

QTEST_GUILESS_MAIN(TestPlaybackClock)
#include "tst_playback_clock.moc"
