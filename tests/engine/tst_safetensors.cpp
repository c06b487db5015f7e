// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/model/safetensors.h"

#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <bit>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>

using namespace timestep;

namespace {

/// Length, header and data as a file has them.
std::string fileBytes(const std::string& header, const std::string& data)
{
    const std::uint64_t length = header.size();
    std::string bytes(sizeof length, '\0');
    std::memcpy(bytes.data(), &length, sizeof length);
    return bytes + header + data;
}

std::string entry(const char* name, const char* type, const char* shape, const char* place)
{
    std::string text = R"("NAME": {"dtype": "TYPE", "shape": SHAPE, "data_offsets": PLACE})";
    const auto fill = [&](std::string_view gap, const char* with) {
        text.replace(text.find(gap), gap.size(), with);
    };
    fill("NAME", name);
    fill("TYPE", type);
    fill("SHAPE", shape);
    fill("PLACE", place);
    return text;
}

template <typename Number>
std::string bytesOf(const std::vector<Number>& numbers)
{
    return { reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number) };
}

/// The value of each finite half from 0 up, by its bits: IEEE 754, binary16.
std::vector<float> positiveHalves()
{
    std::vector<float> values;
    for (int bits = 0; bits < 0x7C00; ++bits) {
        const int exponent = bits >> 10;
        const int fraction = bits & 0x3FF;
        values.push_back(exponent == 0
                ? std::ldexp(static_cast<float>(fraction), -24)
                : std::ldexp(static_cast<float>(0x400 + fraction), exponent - 25));
    }
    return values;
}

std::string nested(std::size_t depth) { return std::string("{\"a\": ").append(depth, '['); }

} // namespace

class TestSafetensors : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::filesystem::path m_file
        = std::filesystem::path(m_folder.path().toStdString()) / "model.safetensors";

    /// What reading the file and, where it is there, tensor "a" of 2 x 2 says; empty for no error.
    std::string errorOf(const std::string& bytes) const
    {
        std::filesystem::remove(m_file); // cheaper than to overwrite it
        std::ofstream(m_file, std::ios::binary) << bytes;
        try {
            SafetensorsFile file(m_file);
            file.matrix("a", 2, 2);
        } catch (const Error& error) {
            return error.what();
        }
        return {};
    }

    /// The bits that the numbers have in a file of halves.
    std::vector<std::uint16_t> halvesOf(const std::vector<float>& numbers) const
    {
        const std::vector<NamedTensor> tensors { { "a", { numbers.size() }, numbers } };
        writeSafetensors(m_file, tensors, {}, NumberFormat::F16);
        std::vector<std::uint16_t> bits(numbers.size());
        std::ifstream file(m_file, std::ios::binary);
        file.seekg(-static_cast<std::streamoff>(bits.size() * sizeof bits[0]), std::ios::end);
        file.read(reinterpret_cast<char*>(bits.data()),
            static_cast<std::streamsize>(bits.size() * sizeof bits[0]));
        return bits;
    }

private slots:
    void whatIsWrittenIsRead()
    {
        const std::vector<float> matrix { 1.5F, -2, 3e-42F, 3.4e38F, 0, -0.0F };
        const std::vector<float> vector { 7, 8, 9 };
        const std::vector<NamedTensor> tensors { { "b.weight", { 2, 3 }, matrix },
            { "a.bias", { 3 }, vector } };
        writeSafetensors(m_file, tensors);
        SafetensorsFile file(m_file);
        QCOMPARE(file.names(), (std::vector<std::string> { "a.bias", "b.weight" }));
        const Matrix<float> readMatrix = file.matrix("b.weight", 2, 3);
        QVERIFY(std::equal(matrix.begin(), matrix.end(), readMatrix.data()));
        const RowVector<float> readVector = file.vector("a.bias", 3);
        QVERIFY(std::equal(vector.begin(), vector.end(), readVector.data()));
    }

    /// Other readers map the file and want the numbers aligned.
    void numbersAreAligned()
    {
        const std::vector<float> numbers { 1 };
        for (const char* name : { "a", "ab", "abc", "abcd", "abcde" }) {
            writeSafetensors(m_file, std::vector<NamedTensor> { { name, { 1 }, numbers } });
            QCOMPARE((std::filesystem::file_size(m_file) - 4) % 8, 0U);
        }
    }

    void halfPrecisionIsWidened()
    {
        const std::vector<std::uint16_t> half { 0x3C00, 0xC000, 0x0001, 0x7BFF };
        QVERIFY(errorOf(fileBytes(std::string("{") + entry("a", "F16", "[2, 2]", "[0, 8]") + "}",
                            bytesOf(half)))
                    .empty());
        const Matrix<float> halves = SafetensorsFile(m_file).matrix("a", 2, 2);
        QCOMPARE(halves(0, 0), 1.0F);
        QCOMPARE(halves(0, 1), -2.0F);
        QCOMPARE(halves(1, 0), 0x1p-24F); // the smallest there is
        QCOMPARE(halves(1, 1), 65504.0F); // the largest

        const std::vector<std::uint16_t> brain { 0x3F80, 0xC000, 0x0001, 0x7F7F };
        QVERIFY(errorOf(fileBytes(std::string("{") + entry("a", "BF16", "[2, 2]", "[0, 8]") + "}",
                            bytesOf(brain)))
                    .empty());
        const Matrix<float> brains = SafetensorsFile(m_file).matrix("a", 2, 2);
        QCOMPARE(brains(0, 0), 1.0F);
        QCOMPARE(brains(0, 1), -2.0F);
        QCOMPARE(brains(1, 0), std::bit_cast<float>(0x00010000U));
        QCOMPARE(brains(1, 1), std::bit_cast<float>(0x7F7F0000U));
    }

    void everyHalfIsWrittenAsItIs()
    {
        std::vector<float> values = positiveHalves();
        const std::size_t positive = values.size();
        for (std::size_t i = 0; i < positive; ++i)
            values.push_back(-values[i]);
        const std::vector<std::uint16_t> bits = halvesOf(values);
        for (std::size_t i = 0; i < positive; ++i) {
            QCOMPARE(bits[i], static_cast<std::uint16_t>(i));
            QCOMPARE(bits[positive + i], static_cast<std::uint16_t>(0x8000 + i));
        }
        const std::vector<float> read = SafetensorsFile(m_file).numbers("a");
        QVERIFY(std::memcmp(read.data(), values.data(), values.size() * sizeof(float)) == 0);
    }

    /// Between any two neighbours, subnormal ones too: the middle goes to the even one, what is not
    /// the middle to the nearer one.
    void numbersBetweenHalvesAreRounded()
    {
        const std::vector<float> values = positiveHalves();
        std::vector<float> between;
        std::vector<std::uint16_t> expected;
        for (std::size_t below = 0; below + 1 < values.size(); ++below) {
            const float middle = (values[below] + values[below + 1]) / 2; // exact
            const auto even = static_cast<std::uint16_t>(below + below % 2);
            between.insert(between.end(),
                { std::nextafter(middle, 0.0F), middle, std::nextafter(middle, 1e9F), -middle });
            expected.insert(expected.end(),
                { static_cast<std::uint16_t>(below), even, static_cast<std::uint16_t>(below + 1),
                    static_cast<std::uint16_t>(0x8000 + even) });
        }
        between.insert(between.end(), { 1e-45F, 65519.996F }); // the least float; all but infinite
        expected.insert(expected.end(), { 0, 0x7BFF });
        const std::vector<std::uint16_t> bits = halvesOf(between);
        for (std::size_t i = 0; i < bits.size(); ++i)
            QVERIFY2(bits[i] == expected[i], qPrintable(QString::number(between[i], 'g', 9)));
    }

    void numbersBeyondHalvesAreRefused_data()
    {
        QTest::addColumn<float>("number");
        QTest::newRow("first that would be infinite") << 65520.0F;
        QTest::newRow("below all halves") << -1e5F;
        QTest::newRow("infinite") << std::numeric_limits<float>::infinity();
        QTest::newRow("no number") << std::nanf("");
    }
    void numbersBeyondHalvesAreRefused()
    {
        QFETCH(const float, number);
        std::filesystem::remove(m_file);
        const std::vector<float> fine { 1 };
        const std::vector<float> numbers { 0, 1, number };
        const std::vector<NamedTensor> tensors { { "fine", { 1 }, fine },
            { "h.0.weight", { 3 }, numbers } };
        try {
            writeSafetensors(m_file, tensors, {}, NumberFormat::F16);
            QFAIL("it was written");
        } catch (const Error& error) {
            const QString said = QString::fromUtf8(error.what());
            QVERIFY2(said.contains("model.safetensors: tensor h.0.weight"), qPrintable(said));
            QVERIFY2(said.contains("place 2"), qPrintable(said));
        }
        QVERIFY(!std::filesystem::exists(m_file));
    }

    /// What PyTorch and Hugging Face go by.
    void headerSaysHowNumbersAreWritten()
    {
        const std::vector<float> numbers { 1, 2, 3 };
        const std::vector<NamedTensor> tensors { { "a", { 3 }, numbers },
            { "b", { 3, 1 }, numbers } };
        const auto header = [&](NumberFormat format) {
            writeSafetensors(m_file, tensors, {}, format);
            std::ifstream file(m_file, std::ios::binary);
            std::uint64_t length = 0;
            file.read(reinterpret_cast<char*>(&length), sizeof length);
            std::string text(length, '\0');
            file.read(text.data(), static_cast<std::streamsize>(length));
            return nlohmann::json::parse(text);
        };
        const auto of = [](const char* type, std::vector<int> shape, int begin, int end) {
            return nlohmann::json { { "dtype", type }, { "shape", shape },
                { "data_offsets", { begin, end } } };
        };
        const nlohmann::json halves = header(NumberFormat::F16);
        QVERIFY(halves["a"] == of("F16", { 3 }, 0, 6));
        QVERIFY(halves["b"] == of("F16", { 3, 1 }, 6, 12));
        QVERIFY(halves["__metadata__"]["format"] == "pt");
        QVERIFY(header(NumberFormat::F32)["b"] == of("F32", { 3, 1 }, 12, 24));
    }

    void othersFilesAreRead_data()
    {
        QTest::addColumn<QByteArray>("header");
        const auto row = [](const char* name, const std::string& header) {
            QTest::newRow(name) << QByteArray::fromStdString(header);
        };
        const std::string a = entry("a", "F32", "[2, 2]", "[0, 16]");
        row("padded with spaces", std::string("{") + a + "}      ");
        row("metadata", R"({"__metadata__": {"format": "pt"}, )" + a + "}");
        row("an empty tensor",
            std::string("{") + a + ", " + entry("none", "F32", "[0, 7]", "[16, 16]") + "}");
        row("empty whatever the other sizes",
            std::string("{")
                + entry("none", "F32", "[9223372036854775807, 9223372036854775807, 0]", "[0, 0]")
                + ", " + a + "}");
    }
    void othersFilesAreRead()
    {
        QFETCH(const QByteArray, header);
        const std::vector<float> numbers { 1, 2, 3, 4 };
        const std::string bytes = fileBytes(header.toStdString(), bytesOf(numbers));
        QCOMPARE(errorOf(bytes), std::string());
    }

    void malformedFilesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        const auto raw = [](const char* name, const std::string& bytes, const char* says) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << says;
        };
        const std::string data = bytesOf(std::vector<float> { 1, 2, 3, 4 });
        const auto row = [&](const char* name, const std::string& entries, const char* says) {
            raw(name, fileBytes(std::string("{") + entries + "}", data), says);
        };
        const std::string a = entry("a", "F32", "[2, 2]", "[0, 16]");

        raw("empty file", "", "the file has 0 bytes");
        raw("seven bytes", "1234567", "the file has 7 bytes");
        raw("header longer than the file", std::string("\x40\0\0\0\0\0\0\0{}", 10),
            "its header alone should have 64");
        raw("header of all memory there is", std::string(8, '\xFF') + "{}", "18446744073709551615");
        raw("no JSON", fileBytes("tensor", data), "not valid JSON");
        raw("cut JSON", fileBytes("{\"a\": {\"dty", data), "not valid JSON");
        raw("no UTF-8", fileBytes("{\"\xFF\": 1}", data), "not valid JSON");
        raw("a list", fileBytes("[]", data), "not a JSON object");
        raw("empty header", fileBytes("", data), "not valid JSON");
        raw("nested once too deep", fileBytes(nested(3) + "]]]}", data), "nested deeper");
        raw("nested a million times", fileBytes(nested(1'000'000), data), "nested deeper");
        raw("a number beyond every range", fileBytes(R"({"a": 1e999999})", data), "not valid JSON");
        row("a name twice", a + "," + a, "a is there twice");
        row("a key twice", R"("a": {"dtype": "F32", "dtype": "F16"})", "dtype is there twice");
        row("no entry", R"("a": 1)", "expected \"shape\"");
        row("no shape", R"("a": {"dtype": "F32", "data_offsets": [0, 16]})", "expected \"shape\"");
        row("no offsets", R"("a": {"dtype": "F32", "shape": [2, 2]})", "\"data_offsets\"");
        row("no type", R"("a": {"shape": [2, 2], "data_offsets": [0, 16]})", "\"dtype\"");
        row("type a number", R"("a": {"dtype": 32, "shape": [4], "data_offsets": [0, 16]})",
            "\"dtype\"");
        row("unknown type", entry("a", "F33", "[2, 2]", "[0, 16]"), "found F33");
        row("type of no weights", entry("a", "I32", "[2, 2]", "[0, 16]"), "found I32");
        row("negative size", entry("a", "F32", "[-2, -2]", "[0, 16]"), "\"shape\"");
        row("broken size", entry("a", "F32", "[2.5, 2]", "[0, 16]"), "\"shape\"");
        row("negative offset", entry("a", "F32", "[2, 2]", "[-16, 0]"), "\"data_offsets\"");
        row("one offset", entry("a", "F32", "[2, 2]", "[0]"), "found [0]");
        row("three offsets", entry("a", "F32", "[2, 2]", "[0, 16, 16]"), "found [0, 16, 16]");
        row("offsets the wrong way", entry("a", "F32", "[2, 2]", "[16, 0]"), "found [16, 0]");
        row("beyond the end", entry("a", "F32", "[2, 4]", "[0, 32]"), "16 bytes of data");
        row("far beyond the end",
            entry("a", "F32", "[4611686018427387904]", "[0, 18446744073709551615]"), "16 bytes");
        row("product of sizes wraps round", entry("a", "F32", "[4294967296, 4294967296]", "[0, 0]"),
            "does not fill the 0 bytes");
        row("sizes too small for the place", entry("a", "F32", "[2, 1]", "[0, 16]"),
            "shape [2, 1] of F32 does not fill the 16 bytes");
        row("overlap",
            entry("a", "F32", "[2, 2]", "[0, 16]") + "," + entry("b", "F32", "[2]", "[8, 16]"),
            "tensor b: expected to begin at byte 16");
        row("gap at the front", entry("a", "F32", "[2]", "[8, 16]"), "begin at byte 0");
        row("gap at the end", entry("a", "F32", "[2]", "[0, 8]"), "expected 8 bytes of data");
        row("other shape", entry("a", "F32", "[4, 1]", "[0, 16]"),
            "tensor a: expected shape [2, 2], found [4, 1]");
        row("other rank", entry("a", "F32", "[4]", "[0, 16]"), "expected shape [2, 2], found [4]");
        row("other name", entry("A", "F32", "[2, 2]", "[0, 16]"), "found no such tensor");
        raw("not a number",
            fileBytes(
                std::string("{") + a + "}", bytesOf(std::vector<float> { 1, 2, std::nanf(""), 4 })),
            "finite numbers, found nan");
        raw("infinite half",
            fileBytes(std::string("{") + entry("a", "F16", "[2, 2]", "[0, 8]") + "}",
                bytesOf(std::vector<std::uint16_t> { 0, 0x7C00, 0, 0 })),
            "found inf at place 1");
    }
    void malformedFilesAreRefused()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const QString, says);
        const QString said = QString::fromStdString(errorOf(bytes.toStdString()));
        QVERIFY2(said.contains(says), qPrintable("said: " + said));
        QVERIFY2(said.contains("model.safetensors"), qPrintable(said));
        QVERIFY2(!said.contains('\n'), qPrintable(said));
    }

    void missingFileIsNamed()
    {
        QVERIFY_EXCEPTION_THROWN(SafetensorsFile(m_file.parent_path() / "none"), Error);
        QVERIFY_EXCEPTION_THROWN(SafetensorsFile(m_file.parent_path()), Error); // a folder
    }

    /// Whatever the bytes: an Error or numbers, never a crash (run under the sanitizers too).
    void damagedFilesNeverCrash()
    {
        const std::vector<float> numbers { 1, 2, 3, 4 };
        const std::string whole
            = fileBytes(std::string("{") + entry("a", "F32", "[2, 2]", "[0, 16]") + ", "
                    + entry("b", "BF16", "[4]", "[16, 24]") + "}",
                bytesOf(numbers) + std::string(8, '\0'));
        std::minstd_rand random(20240607);
        int refused = 0;
        for (int round = 0; round < 3000; ++round) {
            std::string damaged = whole;
            for (auto changes = 1 + random() % 4; changes > 0; --changes) {
                const auto place = static_cast<std::ptrdiff_t>(random() % damaged.size());
                const auto letter = static_cast<char>(random() % 256);
                switch (random() % 4) {
                case 0:
                    damaged.erase(damaged.begin() + place);
                    break;
                case 1:
                    damaged.insert(damaged.begin() + place, letter);
                    break;
                case 2: // a digit makes numbers, which get further than noise
                    damaged[static_cast<std::size_t>(place)]
                        = static_cast<char>('0' + random() % 10);
                    break;
                default:
                    damaged[static_cast<std::size_t>(place)] = letter;
                }
            }
            refused += errorOf(damaged).empty() ? 0 : 1;
        }
        QVERIFY(refused > 1000);
        QVERIFY(refused < 3000); // damaged numbers are numbers still
    }
};

QTEST_APPLESS_MAIN(TestSafetensors)
#include "tst_safetensors.moc"
