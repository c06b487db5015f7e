// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/affinity_test_run.h"
#include "ui/views/live_affinity_image.h"

#include <QSignalSpy>
#include <QTest>

using namespace timestep;

namespace {

constexpr int Tokens = 1100; // all of them at once are more than a frame has time for

AffinityPicturePointer picture()
{
    Matrix<float> affinity = Matrix<float>::Zero(Tokens, Tokens);
    for (int row = 0; row < Tokens; ++row) {
        for (int column = 0; column <= row; ++column)
            affinity(row, column) = float(1 + (row * 31 + column * 17) % 101);
        affinity.row(row) /= affinity.row(row).sum();
    }
    return firstHeadOf(
        runWithAffinity(std::vector<std::string>(Tokens, "word"), affinity, {}, 1, 1));
}

AffinityPart part(const AffinityPicturePointer& picture, double first, double extent)
{
    return { picture, QRectF(first, first / 2, extent, extent), QSize(210, 210), false };
}

QImage exactImage(const AffinityPart& of)
{
    return affinityImage(of.picture->affinities(), of.picture->index(), of.cells, of.pixels,
        of.picture->fullColor, ColorScale::blue(of.dark));
}

} // namespace

class LiveAffinityImageTest : public QObject
{
    Q_OBJECT
private slots:
    void aSmallPartIsExactAtOnce()
    {
        LiveAffinityImage live;
        const AffinityPart small = part(picture(), 200, 300);
        QVERIFY(!live.exact(small));
        const auto images = live.images(small);
        QCOMPARE(images.size(), std::size_t(1));
        QCOMPARE(images[0].cells, small.cells);
        QCOMPARE(images[0].image, exactImage(small));
        QVERIFY(live.exact(small));
    }

    void aLargePartIsCoarseFirst()
    {
        LiveAffinityImage live;
        QSignalSpy changed(&live, &LiveAffinityImage::changed);
        const AffinityPart whole = part(picture(), 0, Tokens);
        const auto images = live.images(whole);
        QCOMPARE(images.size(), std::size_t(1));
        QCOMPARE(images[0].image,
            affinityOverview(*whole.picture->statistics, QSize(256, 256), AffinityShading::Head,
                ColorScale::blue(false)));
        QVERIFY(!live.exact(whole));
        QTRY_COMPARE(changed.size(), 1);
        QVERIFY(live.exact(whole));
        QCOMPARE(live.images(whole)[0].image, exactImage(whole));
    }

    void theImageBeforeIsShownWhileTheNextIsMade()
    {
        LiveAffinityImage live;
        const AffinityPart whole = part(picture(), 0, Tokens);
        const AffinityPart closer = part(whole.picture, 20, 1050);
        live.images(whole);
        QTRY_VERIFY(live.exact(whole));
        const auto images = live.images(closer);
        QCOMPARE(images.size(), std::size_t(2));
        QCOMPARE(images[1].cells, whole.cells);
        QCOMPARE(images[1].image, exactImage(whole));
        QTRY_VERIFY(live.exact(closer));
        QCOMPARE(live.images(closer)[0].image, exactImage(closer));
    }

    // Were each part that comes with a frame to replace the one before, none would be finished.
    void aMovingViewIsFollowed()
    {
        LiveAffinityImage live;
        QSignalSpy changed(&live, &LiveAffinityImage::changed);
        const auto shown = picture();
        for (int step = 0; step < 6; ++step)
            live.images(part(shown, step, 1050));
        const AffinityPart last = part(shown, 5, 1050);
        QTRY_VERIFY(live.exact(last));
        QCOMPARE(changed.size(), 2); // the first and the last
        QCOMPARE(live.images(last)[0].image, exactImage(last));
    }

    void aSmallPartNeedsNoLargeOneAnyMore()
    {
        LiveAffinityImage live;
        QSignalSpy changed(&live, &LiveAffinityImage::changed);
        const auto shown = picture();
        live.images(part(shown, 0, Tokens));
        const AffinityPart small = part(shown, 100, 100);
        live.images(small);
        QTest::qWait(50);
        QCOMPARE(changed.size(), 0);
        QVERIFY(live.exact(small));
    }

    void nothingIsLeftWhenItIsCleared()
    {
        LiveAffinityImage live;
        auto shown = picture();
        const std::weak_ptr<const AffinityPicture> watched = shown;
        live.images(part(shown, 0, Tokens));
        QTRY_VERIFY(live.exact(part(shown, 0, Tokens)));
        live.clear();
        QVERIFY(!live.exact(part(shown, 0, Tokens)));
        shown.reset();
        QTRY_VERIFY(watched.expired()); // the job itself lets go of it, too
    }

    void anotherThemeIsAnotherImage()
    {
        LiveAffinityImage live;
        AffinityPart whole = part(picture(), 0, Tokens);
        live.images(whole);
        QTRY_VERIFY(live.exact(whole));
        whole.dark = true;
        QCOMPARE(live.images(whole).size(), std::size_t(1)); // none of the light images
        QTRY_VERIFY(live.exact(whole));
        QCOMPARE(live.images(whole)[0].image, exactImage(whole));
    }
};

QTEST_GUILESS_MAIN(LiveAffinityImageTest)
#include "tst_live_affinity_image.moc"
